import AddressBooks
import Framing
import Operating

/// An operation on the store that an operator's program asks of a running backend: done while it is
/// answered, records of the request's body going in, records of the answer's body coming out.
struct OperatorOperation {
    private let operation: Operation
    private let author: Author

    /// Reads a head; `nil` for a target that is no operation's.
    ///
    /// - Throws: `OperatingError` for one whose particulars cannot be read.
    init?(_ head: RequestHead) throws(OperatingError) {
        guard let operation = try Operation(target: head.target, fields: head.headers) else {
            return nil
        }
        self.operation = operation
        author = Author(user: head.user, instance: head.instance, requestID: head.requestID)
    }

    /// The answer to an operator's head; `nil` where it asks for no operation.
    static func answer(
        _ head: RequestHead,
        _ body: any RequestBody,
        _ store: AddressBookStore
    ) -> Response? {
        do throws(OperatingError) {
            return try OperatorOperation(head)?.answer(body, store)
        } catch {
            return Response(400, content: .bytes(Array("\(error)".utf8)))
        }
    }

    private func answer(_ body: any RequestBody, _ store: AddressBookStore) -> Response {
        Response(
            200,
            content: .stream { answer in
                var cards = OperatorRecordDecoder()
                do {
                    try operation.perform(on: store, by: author) {
                        try Self.next(of: body, &cards)
                    } reply: {
                        try Self.send($0, answer)
                    }
                } catch let error as ConnectionError {
                    throw error
                } catch {
                    return try Self.send(.failed("\(error)"), answer)
                }
                try Self.send(.done, answer)
            }
        )
    }

    private static func next(
        of body: any RequestBody,
        _ cards: inout OperatorRecordDecoder
    ) throws -> ImportedCard? {
        while true {
            if let record = try cards.next() { return try ImportedCard(record) }
            guard let bytes = try body.next() else {
                guard cards.isEmpty else { throw FramingError.truncatedPayload(.body) }
                return nil
            }
            cards.append(bytes)
        }
    }

    private static func send(_ reply: Reply, _ answer: any ResponseBody) throws {
        var bytes: [UInt8] = []
        reply.record.encode(into: &bytes)
        try answer.write(bytes)
        if case .progress = reply { try answer.flush() }
    }
}
