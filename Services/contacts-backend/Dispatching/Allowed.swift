import WebDAV

/// Which methods a place takes: the `Allow` header (RFC 9110 §10.2.1).
enum Allowed {
    /// The methods, in the order that they are told.
    ///
    /// - Parameters:
    ///   - location: The place.
    ///   - isMapped: Whether something is there.
    /// - Returns: The methods' names.
    static func methods(at location: Location, isMapped: Bool = true) -> [String] {
        switch location {
        case .root, .principals, .principal, .home:
            ["OPTIONS", "PROPFIND", "PROPPATCH", "REPORT"]
        case .book where !isMapped: ["OPTIONS", "MKCOL"]
        case .book:
            [
                "OPTIONS", "GET", "HEAD", "POST", "DELETE", "COPY", "MOVE", "PROPFIND",
                "PROPPATCH", "REPORT",
            ]
        case .card where !isMapped: ["OPTIONS", "PUT"]
        case .card:
            [
                "OPTIONS", "GET", "HEAD", "PUT", "DELETE", "COPY", "MOVE", "PROPFIND",
                "PROPPATCH", "REPORT",
            ]
        case .nowhere: ["OPTIONS"]
        }
    }

    /// The `Allow` header's value.
    static func header(at location: Location, isMapped: Bool = true) -> String {
        methods(at: location, isMapped: isMapped).joined(separator: ", ")
    }

    /// The answer to a method that a place does not take (RFC 9110 §15.5.6).
    static func refusal(of method: String, at location: Location) -> Refusal {
        var refusal = Refusal(
            405,
            reason: "\(method) is not possible here; \(header(at: location)) are"
        )
        refusal.headers.append(("Allow", header(at: location)))
        return refusal
    }
}
