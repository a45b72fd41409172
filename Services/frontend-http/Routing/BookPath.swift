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
        var bytes: [UInt8] = []
        var rest = segment.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hex), let low = rest.next().flatMap(hex) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty else { return nil }
        return name
    }

    private static func hex(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
