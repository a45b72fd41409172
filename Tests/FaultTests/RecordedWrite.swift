import Foundation
import Framing

/// A write that the backend was asked for, as the log of its sockets tells it: when its request
/// came, and when the answer left.
struct RecordedWrite {
    /// The card's name.
    let name: String
    /// What the card is afterwards.
    let state: Ledger.State
    /// The place in the log where the request was whole.
    let began: Int
    /// The place in the log where the answer left, and its status.
    var answer: (place: Int, status: Int)?

    /// Reads the writes of cards out of a log: the frames that came in and went out.
    static func all(in log: OperationLog) throws -> [RecordedWrite] {
        var conversations: [Int32: Conversation] = [:]
        var writes: [RecordedWrite] = []
        for (place, operation) in log.operations.enumerated() {
            switch operation {
            case .start: conversations = [:]
            case .accepted(let descriptor): conversations[descriptor] = Conversation()
            case .received(let descriptor, let bytes):
                for write in try conversations[descriptor]?.receive(bytes, at: place) ?? [] {
                    conversations[descriptor]?.underWay = writes.count
                    writes.append(write)
                }
            case .sent(let descriptor, let bytes):
                guard let status = try Conversation.status(bytes),
                    let index = conversations[descriptor]?.underWay
                else { continue }
                writes[index].answer = (place, status)
                conversations[descriptor]?.underWay = nil
            default: continue
            }
        }
        return writes
    }

    /// What cards may be after a power cut at a place of a log.
    static func ledger(_ writes: [RecordedWrite], at cut: Int) -> Ledger {
        var ledger = Ledger()
        for write in writes where write.began < cut {
            let before = ledger.cards[write.name]
            ledger.began(write.name, write.state)
            guard let answer = write.answer, answer.place < cut else { continue }
            switch answer.status {
            case 200..<300: ledger.settled(write.name, write.state)
            case 400..<500, 507: ledger.refused(write.name, before: before)
            default: continue
            }
        }
        return ledger
    }

    /// One connection of the gateway: frames out of the pieces that came.
    private struct Conversation {
        /// The write that is being answered, by its place among all.
        var underWay: Int?
        private var pending: [UInt8] = []
        private var head: RequestHead?
        private var body: [UInt8] = []

        mutating func receive(
            _ bytes: ArraySlice<UInt8>,
            at place: Int
        ) throws -> [RecordedWrite] {
            pending += bytes
            var writes: [RecordedWrite] = []
            while let (type, payload) = try takeFrame() {
                switch type {
                case .requestHead:
                    head = try RequestHead(decoding: payload)
                    body = []
                    if head?.hasBody == false { writes += write(at: place) }
                case .body: body += payload
                case .end: writes += write(at: place)
                default: continue
                }
            }
            return writes
        }

        private mutating func write(at place: Int) -> [RecordedWrite] {
            defer { head = nil }
            guard let head, head.target.hasPrefix(StoreCheck.book) else { return [] }
            let name = String(head.target.dropFirst(StoreCheck.book.count))
            switch head.method {
            case "PUT": return [RecordedWrite(name: name, state: body, began: place)]
            case "DELETE": return [RecordedWrite(name: name, state: nil, began: place)]
            default: return []
            }
        }

        private mutating func takeFrame() throws -> (FrameType, [UInt8])? {
            guard pending.count >= FrameHeader.byteCount else { return nil }
            let header = try FrameHeader(decoding: pending)
            let end = FrameHeader.byteCount + header.payloadBytes
            guard pending.count >= end else { return nil }
            let payload = Array(pending[FrameHeader.byteCount..<end])
            pending.removeFirst(end)
            return (header.type, payload)
        }

        /// The status of an answer that begins with these bytes.
        static func status(_ bytes: ArraySlice<UInt8>) throws -> Int? {
            guard bytes.count >= FrameHeader.byteCount else { return nil }
            let header = try FrameHeader(decoding: bytes)
            guard header.type == .responseHead else { return nil }
            let payload = bytes.dropFirst(FrameHeader.byteCount).prefix(header.payloadBytes)
            return Int(try ResponseHead(decoding: payload).status)
        }
    }
}
