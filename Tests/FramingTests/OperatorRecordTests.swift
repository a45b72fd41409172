import Framing
import Testing

struct OperatorRecordTests {
    private static let records = [
        OperatorRecord([Array("card".utf8), [], Array("BEGIN:VCARD".utf8)]),
        OperatorRecord([]),
        OperatorRecord([[UInt8](repeating: 7, count: 300)]),
    ]

    private static let bytes: [UInt8] = {
        var bytes: [UInt8] = []
        for record in records { record.encode(into: &bytes) }
        return bytes
    }()

    /// The records of a body that comes in pieces.
    private static func decode(_ body: [UInt8], pieceBytes: Int) throws -> [OperatorRecord] {
        var decoder = OperatorRecordDecoder()
        var records: [OperatorRecord] = []
        for start in stride(from: 0, to: body.count, by: pieceBytes) {
            decoder.append(Array(body[start..<min(start + pieceBytes, body.count)]))
            while let record = try decoder.next() { records.append(record) }
        }
        #expect(decoder.isEmpty)
        return records
    }

    @Test func `a record has the bytes that its drawing shows`() {
        var bytes: [UInt8] = []
        OperatorRecord([[0x61], []]).encode(into: &bytes)

        #expect(bytes == [0, 0, 0, 11, 0, 2, 0, 0, 0, 1, 0x61, 0, 0, 0, 0])
    }

    @Test(arguments: 1...bytes.count)
    func `pieces of every size make the same records`(pieceBytes: Int) throws {
        #expect(try Self.decode(Self.bytes, pieceBytes: pieceBytes) == Self.records)
    }

    @Test func `a cut at every place leaves a record that is not whole`() throws {
        for cut in 1..<14 {
            var decoder = OperatorRecordDecoder()
            decoder.append(Array(Self.bytes[..<cut]))

            #expect(try decoder.next() == nil)
            #expect(!decoder.isEmpty)
        }
    }

    @Test(
        arguments: [
            (
                [0xFF, 0xFF, 0xFF, 0xFF],
                FramingError.tooLong(.body, bytes: 0xFFFF_FFFF, limit: 11 << 20)
            ),
            ([0, 0, 0, 1, 0], .truncatedPayload(.body)),
            ([0, 0, 0, 2, 0, 1], .truncatedPayload(.body)),
            ([0, 0, 0, 6, 0, 1, 0, 0, 0, 1], .truncatedPayload(.body)),
            ([0, 0, 0, 3, 0, 0, 9], .leftOver(.body, bytes: 1)),
            ([0, 0, 0, 2, 1, 0], .tooMany(.body, name: "fields", limit: 16)),
        ] as [([UInt8], FramingError)]
    )
    func `what no peer sends is refused`(bytes: [UInt8], error: FramingError) {
        var decoder = OperatorRecordDecoder()
        decoder.append(bytes)

        #expect(throws: error) { try decoder.next() }
    }
}
