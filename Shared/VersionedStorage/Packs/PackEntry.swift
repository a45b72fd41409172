internal import CLibGit2

/// One object in a pack, as the pack's index lists it (gitformat-pack, "version 2 pack-*.idx").
struct PackEntry: Sendable, Equatable {
    let id: ObjectID
    let crc32: UInt32
    let offset: Int
}

/// The bytes in front of an object's zlib stream (gitformat-pack, "pack entries").
enum PackHeader {
    /// An object kept whole.
    static func whole(_ kind: ObjectKind, bytes: Int) -> [UInt8] {
        type(UInt8(kind.type.rawValue), bytes: bytes)
    }

    /// An object kept as what differs from one that lies `distance` bytes before it.
    static func delta(bytes: Int, distance: Int) -> [UInt8] {
        type(6, bytes: bytes) + offset(distance)
    }

    private static func type(_ type: UInt8, bytes: Int) -> [UInt8] {
        var rest = bytes >> 4
        var header = [type << 4 | UInt8(bytes & 15)]
        while rest > 0 {
            header[header.count - 1] |= 0x80
            header.append(UInt8(rest & 0x7F))
            rest >>= 7
        }
        return header
    }

    /// The distance, most significant digits first, each further digit less one.
    private static func offset(_ distance: Int) -> [UInt8] {
        var rest = distance
        var digits = [UInt8(rest & 0x7F)]
        rest >>= 7
        while rest > 0 {
            rest -= 1
            digits.append(0x80 | UInt8(rest & 0x7F))
            rest >>= 7
        }
        return digits.reversed()
    }

    /// Where the entry at the start of some bytes has its base, as a distance back; `nil` for an
    /// object kept whole or on a base that is named by id.
    static func baseDistance(_ bytes: ArraySlice<UInt8>) -> Int? {
        var position = bytes.startIndex
        guard position < bytes.endIndex, (bytes[position] >> 4) & 7 == 6 else { return nil }
        while position < bytes.endIndex, bytes[position] & 0x80 != 0 { position += 1 }
        position += 1
        guard position < bytes.endIndex else { return nil }
        var distance = Int(bytes[position] & 0x7F)
        while bytes[position] & 0x80 != 0 {
            position += 1
            guard position < bytes.endIndex else { return nil }
            distance = (distance + 1) << 7 | Int(bytes[position] & 0x7F)
        }
        return distance
    }
}

/// What turns one tree's bytes into another's (gitformat-pack, "deltified representation").
struct TreeDelta {
    private(set) var bytes: [UInt8] = []
    private var copyStart = 0
    private var copyLength = 0

    /// Begins a delta between objects of these sizes.
    init(from base: Int, to result: Int) {
        append(number: base)
        append(number: result)
    }

    /// Goes on with a stretch of the base.
    mutating func copy(from start: Int, count: Int) {
        guard count > 0 else { return }
        if copyLength > 0, copyStart + copyLength == start {
            copyLength += count
        } else {
            endCopy()
            copyStart = start
            copyLength = count
        }
    }

    /// Goes on with bytes of its own.
    mutating func insert(_ new: some Collection<UInt8>) {
        endCopy()
        var rest = new[...]
        while !rest.isEmpty {
            let piece = rest.prefix(127)
            bytes.append(UInt8(piece.count))
            bytes += piece
            rest = rest.dropFirst(127)
        }
    }

    /// Ends the delta.
    mutating func finish() -> [UInt8] {
        endCopy()
        return bytes
    }

    private mutating func append(number: Int) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A copy says its place in up to four bytes and its length in up to three; bytes of zero are
    /// left out.
    private mutating func endCopy() {
        while copyLength > 0 {
            let count = min(copyLength, 0xFF_FFFF)
            let place = bytes.count
            bytes.append(0x80)
            for digit in 0..<4 {
                let byte = UInt8(truncatingIfNeeded: copyStart >> (8 * digit))
                guard byte != 0 else { continue }
                bytes[place] |= 1 << UInt8(digit)
                bytes.append(byte)
            }
            for digit in 0..<3 {
                let byte = UInt8(truncatingIfNeeded: count >> (8 * digit))
                guard byte != 0 else { continue }
                bytes[place] |= 0x10 << UInt8(digit)
                bytes.append(byte)
            }
            copyStart += count
            copyLength -= count
        }
    }
}
