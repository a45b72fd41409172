internal import Framing

/// Takes the fields of a record one by one.
struct RecordReader {
    private let record: OperatorRecord
    private var position = 0

    init(_ record: OperatorRecord) {
        self.record = record
    }

    /// The first field, for an error.
    static func word(of record: OperatorRecord) -> String {
        String(decoding: record.fields.first?.prefix(32) ?? [], as: UTF8.self)
    }

    var isAtEnd: Bool { position == record.fields.count }

    mutating func bytes() -> [UInt8]? {
        guard position < record.fields.count else { return nil }
        defer { position += 1 }
        return record.fields[position]
    }

    mutating func text() -> String? {
        bytes().flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A number from zero.
    mutating func number() -> Int? {
        guard let text = text(), let number = Int(text), number >= 0 else { return nil }
        return number
    }
}
