import Framing
import Operating

extension BackendConnection {
    /// Has the backend do an operation.
    ///
    /// What comes of it is heard while cards still go in: a backend tells of a commit's cards before
    /// it takes those of the next, and would wait for ever on somebody who does not listen.
    func perform(
        _ operation: Operation,
        _ instance: String,
        input: () throws -> ImportedCard? = { nil },
        reply: (Reply) throws -> Void
    ) throws {
        var answer = OperationAnswer()
        try begin(operation.target, instance, operation.fields)
        if operation.hasInput {
            while let card = try input() {
                try body(card.record) { try answer.take($0, reply) }
            }
        }
        try end { try answer.take($0, reply) }
        while !answer.isDone { try answer.take(try read(), reply) }
    }
}

/// The answer to an operation, frame by frame.
private struct OperationAnswer {
    private var status: Int?
    /// Why there is no operation, where it was refused.
    private var refusal: [UInt8] = []
    private var records = OperatorRecordDecoder()
    /// Whether the operation is done.
    private(set) var isDone = false

    /// Takes a frame.
    ///
    /// - Throws: ``CommandFailure`` where the operation was refused or has failed, or the answer ends
    ///   before it is said that it is done; what `reply` throws.
    mutating func take(_ frame: Frame, _ reply: (Reply) throws -> Void) throws {
        switch (frame.type, status) {
        case (.responseHead, nil): status = Int(try ResponseHead(decoding: frame.payload).status)
        case (.body, 200?): try take(records: frame.payload, reply)
        case (.body, _?):
            let room = FramingLimits.maximumHeadBytes - refusal.count
            refusal += frame.payload.prefix(room)
        case (.end, 200?):
            if !isDone { throw CommandFailure(message: "the backend's answer is cut off") }
        case (.end, _?): throw CommandFailure(message: String(decoding: refusal, as: UTF8.self))
        default: throw BackendConnection.nonsense
        }
    }

    private mutating func take(records bytes: [UInt8], _ reply: (Reply) throws -> Void) throws {
        records.append(bytes)
        while let record = try records.next() {
            switch try Reply(record) {
            case .done: isDone = true
            case .failed(let reason): throw CommandFailure(message: reason)
            case let other: try reply(other)
            }
        }
    }
}
