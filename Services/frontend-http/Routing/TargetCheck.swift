/// The first look at a request target, before anything is decided by it.
///
/// What could be read in two ways is refused here, so that gateway and backend never differ about a
/// path: dot segments, encoded slashes and backslashes, NUL, bytes that no URL has.
enum TargetCheck {
    /// The longest target, in bytes.
    static let maximumBytes = 8_192

    /// The path of a target, without its query; `nil` for one that is refused.
    static func path(of target: String) -> Substring? {
        guard target.utf8.count <= maximumBytes, target.utf8.first == 0x2F,
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C && $0 != 0x23 })
        else { return nil }
        let path = target.prefix { $0 != "?" }
        guard escapesAreSafe(path) else { return nil }
        for segment in path.split(separator: "/") where isDots(segment) { return nil }
        return path
    }

    private static func escapesAreSafe(_ path: Substring) -> Bool {
        var bytes = path.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == 0x25 else { continue }
            guard let high = bytes.next().flatMap(hex), let low = bytes.next().flatMap(hex) else {
                return false
            }
            let value = high << 4 | low
            if value < 0x20 || value == 0x7F || value == 0x2F || value == 0x5C { return false }
        }
        return true
    }

    /// `.` and `..`, with the dots encoded or not.
    private static func isDots(_ segment: Substring) -> Bool {
        var rest = segment
        var dots = 0
        while !rest.isEmpty {
            if rest.hasPrefix(".") {
                rest = rest.dropFirst()
            } else if rest.lowercased().hasPrefix("%2e") {
                rest = rest.dropFirst(3)
            } else {
                return false
            }
            dots += 1
            if dots > 2 { return false }
        }
        return dots > 0
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
