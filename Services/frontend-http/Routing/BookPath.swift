/// Which address book a request is for: as much of paths as the gateway has to know to let somebody
/// through who has not logged in.
enum BookPath {
    private static let home = "/dav/addressbooks/"

    /// The book that a target lies in.
    ///
    /// - Parameter target: A request target.
    /// - Returns: The book's name; `nil` for a target that is in none, or is refused anyway.
    static func book(of target: String) -> String? {
        guard let path = TargetCheck.path(of: target), path.hasPrefix(home) else { return nil }
        let segment = path.utf8.dropFirst(home.utf8.count)
            .prefix { $0 != UInt8(ascii: "/") }
        guard let name = TargetCheck.decoded(segment), !name.isEmpty else { return nil }
        return name
    }
}
