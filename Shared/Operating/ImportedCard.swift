public import Framing

/// One card that an operator wants stored.
public struct ImportedCard: Equatable, Sendable {
    /// The line of its file that it begins in, counted from 1.
    public let line: Int
    /// Its bytes.
    public let bytes: [UInt8]

    /// Joins a card's bytes and where they were found.
    public init(line: Int, bytes: [UInt8]) {
        self.line = line
        self.bytes = bytes
    }

    private static let word = "card"

    /// The card as a record: `card`, line, bytes.
    public var record: OperatorRecord {
        OperatorRecord([Array(Self.word.utf8), Array(String(line).utf8), bytes])
    }

    /// Reads a record.
    ///
    /// - Throws: ``OperatingError/record(_:)`` for any other.
    public init(_ record: OperatorRecord) throws(OperatingError) {
        var reader = RecordReader(record)
        guard reader.text() == Self.word, let line = reader.number(), let bytes = reader.bytes(),
            reader.isAtEnd
        else { throw .record(RecordReader.word(of: record)) }
        self.line = line
        self.bytes = bytes
    }
}
