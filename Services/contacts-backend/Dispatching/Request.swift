import Access
import AddressBooks
import Framing
import WebDAV

/// One request as the gateway forwarded it, with what its head says already read.
struct Request {
    /// The method's name, as sent.
    let method: String
    /// What the URL names.
    let location: Location
    /// The URL's path, decoded once.
    let path: RequestPath
    /// What the user may do with this instance and its books.
    let rights: Authorization
    /// Whom a commit names.
    let author: Author
    /// The body, read as it arrives.
    let body: any RequestBody

    /// What the client would rather have.
    let preferences: Preferences

    private let head: RequestHead

    /// Reads a head.
    ///
    /// - Throws: A ``Refusal`` with status 400 for a target or a role that cannot be read, 403 for
    ///   a name that cannot be one.
    init(_ head: RequestHead, body: any RequestBody) throws(Refusal) {
        let grants = head.grants.map { (book: $0.path, role: $0.role) }
        guard let rights = Authorization(role: head.role, grants: grants) else {
            throw Refusal(403, reason: "the gateway sent no role that this backend knows")
        }
        self.head = head
        self.body = body
        self.rights = rights
        method = head.method
        path = try RequestPath(head.target)
        location = try Location(path)
        func value(_ name: String) -> String? { head.headers.first { $0.name == name }?.value }
        let prefer = head.headers.filter { $0.name == "prefer" }.map(\.value)
        preferences = Preferences(
            prefer: prefer.isEmpty ? nil : prefer.joined(separator: ","),
            brief: value("brief")
        )
        author = Author(
            user: head.user,
            instance: head.instance,
            userAgent: value("user-agent"),
            requestID: head.requestID
        )
    }

    /// A header field's value; several of one name are joined (RFC 9110 §5.3).
    func header(_ name: String) -> String? {
        let values = head.headers.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The media type of the body, lower-cased, without parameters; `nil` where none was sent.
    var mediaType: String? {
        guard let value = header("content-type") else { return nil }
        let type = value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return type.isEmpty ? nil : type.lowercased()
    }

    /// The `Depth` header (RFC 4918 §10.2), or what the method takes its absence for.
    func depth(default absent: Depth) throws(Refusal) -> Depth {
        guard let value = header("depth") else { return absent }
        guard let depth = Depth(header: value) else {
            throw Refusal(
                400,
                reason: "Depth is 0, 1 or infinity, and not \(value.debugDescription)"
            )
        }
        return depth
    }

    /// The host and port that the request came to.
    var authority: String { head.authority }

    /// The body as XML, parsed while it arrives; `nil` where there is none.
    ///
    /// - Parameter keepsValues: Whether the values of properties are kept as text too.
    /// - Returns: The body's root element.
    /// - Throws: A ``Refusal`` with status 400 for what is not well-formed, 413 for what is too
    ///   large, 415 for another media type.
    func xml(keepsValues: Bool = false) throws -> XMLElement? {
        if let type = mediaType, !type.hasSuffix("/xml"), !type.hasSuffix("+xml"),
            type != "text/plain", type != "application/octet-stream",
            type != "application/x-www-form-urlencoded"
        {
            throw Refusal(415, reason: "\(method) takes a body of type application/xml")
        }
        let reader = XMLReader(keepsValues: keepsValues)
        do {
            while let chunk = try body.next() { try reader.feed(chunk) }
            return try reader.finish()
        } catch let error as XMLError {
            throw Refusal(error)
        }
    }

    /// The whole body.
    ///
    /// - Throws: The ``Refusal`` given, where there are more bytes than the limit.
    func bytes(limit: Int, orRefuse refusal: Refusal) throws -> [UInt8] {
        if let announced = head.bodyBytes, announced > UInt64(limit) { throw refusal }
        var bytes: [UInt8] = []
        if let announced = head.bodyBytes { bytes.reserveCapacity(Int(announced)) }
        while let chunk = try body.next() {
            guard bytes.count + chunk.count <= limit else { throw refusal }
            bytes += chunk
        }
        return bytes
    }
}

/// The body of a request, a piece at a time.
protocol RequestBody {
    /// The next piece, or `nil` at the end; blocks until it is there.
    func next() throws -> [UInt8]?
}
