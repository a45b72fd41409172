/// Writes the fields of a payload: big-endian numbers, and texts behind their length.
struct PayloadWriter {
    private(set) var bytes: [UInt8] = []

    /// - Parameter expectedBytes: How many bytes there will probably be.
    init(expectedBytes: Int = 0) {
        bytes.reserveCapacity(expectedBytes)
    }

    mutating func u8(_ value: UInt8) { bytes.append(value) }

    mutating func u16(_ value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    mutating func u32(_ value: UInt32) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func u64(_ value: UInt64) {
        u32(UInt32(truncatingIfNeeded: value >> 32))
        u32(UInt32(truncatingIfNeeded: value))
    }

    /// A text of up to 65,535 bytes; the caller keeps to that, or the head's own limit refuses it.
    mutating func text(_ value: String) {
        let utf8 = value.utf8
        u16(UInt16(clamping: utf8.count))
        // A whole text is copied in one go, a part of one byte by byte.
        if utf8.count <= Int(UInt16.max) {
            bytes += utf8
        } else {
            bytes += utf8.prefix(Int(UInt16.max))
        }
    }
}

/// Reads the fields of a payload, and refuses one that is cut off or has bytes left over.
struct PayloadReader {
    private let bytes: [UInt8]
    private let type: FrameType
    private var position = 0

    init(_ bytes: some Collection<UInt8>, of type: FrameType) {
        self.bytes = Array(bytes)
        self.type = type
    }

    var remaining: Int { bytes.count - position }

    mutating func u8() throws(FramingError) -> UInt8 {
        guard remaining >= 1 else { throw .truncatedPayload(type) }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func u16() throws(FramingError) -> UInt16 {
        let high = try u8()
        return UInt16(high) << 8 | UInt16(try u8())
    }

    mutating func u32() throws(FramingError) -> UInt32 {
        let high = try u16()
        return UInt32(high) << 16 | UInt32(try u16())
    }

    mutating func u64() throws(FramingError) -> UInt64 {
        let high = try u32()
        return UInt64(high) << 32 | UInt64(try u32())
    }

    /// A text: UTF-8 without control characters other than the tab.
    mutating func text(_ name: String) throws(FramingError) -> String {
        let count = Int(try u16())
        guard remaining >= count else { throw .truncatedPayload(type) }
        let slice = bytes[position..<(position + count)]
        position += count
        guard let text = String(validating: slice, as: UTF8.self),
            slice.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 })
        else { throw .malformedField(type, name: name) }
        return text
    }

    /// A count of things that follow.
    mutating func count(_ name: String, limit: Int) throws(FramingError) -> Int {
        let count = Int(try u16())
        guard count <= limit else { throw .tooMany(type, name: name, limit: limit) }
        return count
    }

    /// Ends the payload.
    func end() throws(FramingError) {
        guard remaining == 0 else { throw .leftOver(type, bytes: remaining) }
    }
}
