/// Checks that bytes are UTF-8 once their lines are unfolded.
///
/// Simple writers fold in the middle of a character; RFC 6350 §3.2 asks readers to put it together.
enum UTF8Check {
    /// The place of the first byte that is at fault, or `nil`.
    static func firstFault(in bytes: [UInt8]) -> Int? {
        var position = 0
        while position < bytes.count {
            if bytes[position] < 0x80 {
                position += 1
            } else {
                guard let next = behindCharacter(at: position, in: bytes) else { return position }
                position = next
            }
        }
        return nil
    }

    /// Where the character of several bytes ends that begins at a place (RFC 3629 §4).
    private static func behindCharacter(at start: Int, in bytes: [UInt8]) -> Int? {
        guard let form = form(of: bytes[start]) else { return nil }
        var position = start + 1
        var allowed = form.second
        for _ in 0..<form.following {
            position = behindFold(at: position, in: bytes)
            guard position < bytes.count, allowed.contains(bytes[position]) else { return nil }
            allowed = 0x80...0xBF
            position += 1
        }
        return position
    }

    private static func form(of lead: UInt8) -> (following: Int, second: ClosedRange<UInt8>)? {
        switch lead {
        case 0xC2...0xDF: (1, 0x80...0xBF)
        case 0xE0: (2, 0xA0...0xBF)
        case 0xED: (2, 0x80...0x9F)
        case 0xE1...0xEF: (2, 0x80...0xBF)
        case 0xF0: (3, 0x90...0xBF)
        case 0xF1...0xF3: (3, 0x80...0xBF)
        case 0xF4: (3, 0x80...0x8F)
        default: nil
        }
    }

    private static func behindFold(at position: Int, in bytes: [UInt8]) -> Int {
        guard position < bytes.count, bytes[position].isLineEnd else { return position }
        let next = bytes.behindLineEnd(at: position)
        return next < bytes.count && bytes[next].isBlank ? next + 1 : position
    }
}
