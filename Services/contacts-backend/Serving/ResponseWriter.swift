import Framing

/// Sends an answer as frames.
final class ResponseWriter: ResponseBody {
    /// What is gathered before it is sent: small answers leave in one write.
    private static let gatherBytes = 64 * 1024

    private let connection: Connection
    private var pending: [UInt8] = []
    private(set) var bodyBytes = 0

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Sends a whole answer.
    ///
    /// - Throws: What the answer's stream throws, after which the connection is of no more use: the
    ///   client must see that the body is cut off.
    func send(_ response: Response, isHead: Bool) throws {
        switch response.content {
        case .none: head(response, bodyBytes: 0)
        case .bytes(let bytes) where isHead:
            var response = response
            response.fields.append((name: "content-length", value: String(bytes.count)))
            head(response, bodyBytes: 0)
        case .bytes(let bytes):
            head(response, bodyBytes: bytes.count)
            try write(bytes)
        case .stream(let stream):
            head(response, bodyBytes: isHead ? 0 : nil)
            if !isHead { try stream(self) }
        }
        pending += FrameHeader.frame(.end)
        try flush()
    }

    /// Sends an answer whose content is at hand.
    func send(whole response: Response) throws(ConnectionError) {
        do {
            try send(response, isHead: false)
        } catch let error as ConnectionError {
            throw error
        } catch {
            preconditionFailure("only a stream throws anything else")
        }
    }

    func write(_ bytes: [UInt8]) throws {
        bodyBytes += bytes.count
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(FramingLimits.maximumBodyFrameBytes)
            FrameHeader(type: .body, payloadBytes: piece.count).encode(into: &pending)
            pending += piece
            rest = rest.dropFirst(piece.count)
            if pending.count >= Self.gatherBytes { try flush() }
        }
    }

    private func head(_ response: Response, bodyBytes: Int?) {
        let head = ResponseHead(
            status: UInt16(response.status),
            headers: response.fields.map { HeaderField($0.name, $0.value) },
            bodyBytes: bodyBytes.map { UInt64($0) }
        )
        pending += FrameHeader.frame(.responseHead, head.encode())
    }

    func flush() throws {
        try connection.write(pending)
        pending.removeAll(keepingCapacity: true)
    }
}
