import Framing
import Operating

extension BackendConnection {
    /// Has the backend do an operation.
    ///
    /// All that goes in is sent before anything that comes out is read: a backend answers an import
    /// once the last card has come.
    func perform(
        _ operation: Operation,
        _ instance: String,
        input: () throws -> ImportedCard? = { nil },
        reply: (Reply) throws -> Void
    ) throws {
        try begin(operation.target, instance, operation.fields)
        if operation.hasInput { while let card = try input() { try body(card.record) } }
        try end()
        let head = try answer()
        guard head.status == 200 else { throw CommandFailure(message: try text()) }
        var records = OperatorRecordDecoder()
        while let piece = try piece() {
            records.append(piece)
            while let record = try records.next() {
                switch try Reply(record) {
                case .done: return
                case .failed(let reason): throw CommandFailure(message: reason)
                case let other: try reply(other)
                }
            }
        }
        throw CommandFailure(message: "the backend's answer is cut off")
    }
}
