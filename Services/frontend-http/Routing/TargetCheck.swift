/// The first look at a request target, before anything is decided by it.
///
/// What could be read in two ways is refused here, so that gateway and backend never differ about a
/// path: dot segments, encoded slashes and backslashes, NUL, bytes that no URL has, and encoded bytes
/// that are not UTF-8, such as a slash spelled in two bytes.
enum TargetCheck {
    /// The longest target where nothing else is said, in bytes.
    static let maximumBytes = 8_192

    /// The path of a target, without its query; `nil` for one that is refused.
    static func path(of target: String) -> Substring? {
        var target = target
        guard let (count, isPlain) = target.withUTF8(Self.path) else { return nil }
        let path = target.utf8.prefix(count)
        guard !isPlain else { return Substring(path) }
        guard decoded(path) != nil else { return nil }
        for segment in path.split(separator: UInt8(ascii: "/")) where isDots(segment) {
            return nil
        }
        return Substring(path)
    }

    /// The bytes of a target that are its path, and whether it has neither an escape nor a segment
    /// that begins with a dot; `nil` where a byte is none of a target's.
    private static func path(_ target: UnsafeBufferPointer<UInt8>) -> (count: Int, isPlain: Bool)? {
        guard target.first == UInt8(ascii: "/") else { return nil }
        var count: Int?
        var isPlain = true
        var last: UInt8 = 0
        for (place, byte) in target.enumerated() {
            guard byte > 0x20 && byte < 0x7F && byte != 0x5C && byte != 0x23 else { return nil }
            if count == nil {
                switch byte {
                case UInt8(ascii: "?"): count = place
                case UInt8(ascii: "%"): isPlain = false
                case UInt8(ascii: ".") where last == UInt8(ascii: "/"): isPlain = false
                default: break
                }
            }
            last = byte
        }
        return (count ?? target.count, isPlain)
    }

    /// A part of a path as it reads without escapes; `nil` where one is refused.
    static func decoded(_ path: Substring.UTF8View) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(path.count)
        var bytes = path.makeIterator()
        while let byte = bytes.next() {
            guard byte == 0x25 else {
                decoded.append(byte)
                continue
            }
            guard let high = bytes.next().flatMap(hex), let low = bytes.next().flatMap(hex) else {
                return nil
            }
            let value = high << 4 | low
            if value < 0x20 || value == 0x7F || value == 0x2F || value == 0x5C { return nil }
            decoded.append(value)
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// `.` and `..`, with the dots encoded or not.
    private static func isDots(_ segment: Substring.UTF8View) -> Bool {
        var rest = segment
        var dots = 0
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.popFirst() == UInt8(ascii: "2"),
                let digit = rest.popFirst(), digit | 0x20 == UInt8(ascii: "e")
            {
                dots += 1
            } else if byte == UInt8(ascii: ".") {
                dots += 1
            } else {
                return false
            }
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
