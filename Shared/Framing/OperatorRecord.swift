/// One thing that an operator's program and a backend tell each other in a body: a list of fields,
/// each some bytes.
///
/// ```
/// 0        4        6        10
/// | length | fields | length | bytes … | length | bytes … |
/// | u32    | u16    | u32    |         | u32    |
/// ```
///
/// Numbers are big-endian; the first length counts what comes behind it. Records lie one behind the
/// other, and frames cut them anywhere.
public struct OperatorRecord: Equatable, Sendable {
    /// The longest record, in bytes behind its length: room for the largest card.
    public static let maximumBytes = 11 * 1024 * 1024
    /// The most fields.
    public static let maximumFields = 16

    /// The fields.
    public let fields: [[UInt8]]

    /// Joins fields that the caller keeps within the limits.
    public init(_ fields: [[UInt8]]) {
        self.fields = fields
    }

    /// Appends the record's bytes.
    public func encode(into bytes: inout [UInt8]) {
        var head = PayloadWriter()
        head.u32(UInt32(clamping: 2 + fields.reduce(0) { $0 + 4 + $1.count }))
        head.u16(UInt16(clamping: fields.count))
        bytes += head.bytes
        for field in fields {
            var length = PayloadWriter()
            length.u32(UInt32(clamping: field.count))
            bytes += length.bytes
            bytes += field
        }
    }
}

/// Cuts bodies into records, however the bytes come.
///
/// It holds no more than one record that is not whole yet and what was given in one piece behind it.
public struct OperatorRecordDecoder: Sendable {
    private static let lengthBytes = 4

    private var bytes: [UInt8] = []
    private var position = 0

    /// Begins with a fresh body.
    public init() {}

    /// Whether the body stands between two records.
    public var isEmpty: Bool { position == bytes.count }

    /// Takes bytes that have come.
    public mutating func append(_ more: [UInt8]) {
        if position > bytes.count / 2 {
            bytes.removeFirst(position)
            position = 0
        }
        bytes += more
    }

    /// Takes the next record off the body.
    ///
    /// - Returns: `nil` until all of it has come.
    /// - Throws: ``FramingError`` for what no peer of this version sends; a length is refused before
    ///   anybody reserves memory for it.
    public mutating func next() throws(FramingError) -> OperatorRecord? {
        guard bytes.count - position >= Self.lengthBytes else { return nil }
        let count = Int(number(at: position, bytes: Self.lengthBytes))
        guard count <= OperatorRecord.maximumBytes else {
            throw .tooLong(.body, bytes: count, limit: OperatorRecord.maximumBytes)
        }
        let start = position + Self.lengthBytes
        guard bytes.count - start >= count else { return nil }
        let record = try record(in: start..<(start + count))
        position = start + count
        return record
    }

    private func record(in range: Range<Int>) throws(FramingError) -> OperatorRecord {
        guard range.count >= 2 else { throw .truncatedPayload(.body) }
        let count = Int(number(at: range.lowerBound, bytes: 2))
        guard count <= OperatorRecord.maximumFields else {
            throw .tooMany(.body, name: "fields", limit: OperatorRecord.maximumFields)
        }
        var fields: [[UInt8]] = []
        var place = range.lowerBound + 2
        for _ in 0..<count {
            guard range.upperBound - place >= Self.lengthBytes else {
                throw .truncatedPayload(.body)
            }
            let length = Int(number(at: place, bytes: Self.lengthBytes))
            place += Self.lengthBytes
            guard range.upperBound - place >= length else { throw .truncatedPayload(.body) }
            fields.append(Array(bytes[place..<(place + length)]))
            place += length
        }
        guard place == range.upperBound else {
            throw .leftOver(.body, bytes: range.upperBound - place)
        }
        return OperatorRecord(fields)
    }

    private func number(at place: Int, bytes count: Int) -> UInt32 {
        bytes[place..<(place + count)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
