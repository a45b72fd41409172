import Foundation
import Framing
import Synchronization

/// A backend that does what its test says: blocking, a thread for each connection.
final class FakeBackend: Sendable {
    /// What happens on a connection; the number counts connections, from 0.
    typealias Script = @Sendable (_ peer: Peer, _ number: Int) -> Void

    private let listener: Int32
    private let accepted = Mutex(0)

    /// How many connections have come so far.
    var connections: Int { accepted.withLock { $0 } }

    /// Listens on a Unix socket.
    init(path: String, _ script: @escaping Script) throws {
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 128) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        Foundation.Thread.detachNewThread { [self] in accept(script) }
    }

    /// Takes no more connections.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accept(_ script: @escaping Script) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else {
                close(listener)
                return
            }
            let number = accepted.withLock { count in
                count += 1
                return count - 1
            }
            Foundation.Thread.detachNewThread { script(Peer(descriptor), number) }
        }
    }
}

/// The gateway, as one connection of a backend sees it.
final class Peer: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    }

    deinit { close(descriptor) }

    /// Greets, then answers every request the same way until the gateway goes.
    func serve(_ answer: (RequestHead, [UInt8]) -> Void) {
        greet()
        while let (head, body) = request() { answer(head, body) }
    }

    /// Takes the gateway's hello and answers it.
    func greet() {
        guard frame()?.type == .hello else { return }
        send(.hello, Hello.current.encode())
    }

    /// The next request, read to its end; `nil` where none comes or it is out of order.
    func request() -> (RequestHead, [UInt8])? {
        guard let head = requestHead() else { return nil }
        var body: [UInt8] = []
        while let (type, payload) = frame() {
            if type == .end { return (head, body) }
            guard type == .body else { return nil }
            body += payload
        }
        return nil
    }

    /// The head of the next request.
    func requestHead() -> RequestHead? {
        guard let (type, payload) = frame(), type == .requestHead else { return nil }
        do throws(FramingError) {
            return try RequestHead(decoding: payload)
        } catch {
            return nil
        }
    }

    /// The next frame; `nil` once the gateway has gone, or where it breaks the protocol.
    func frame() -> (type: FrameType, payload: [UInt8])? {
        guard let bytes = read(FrameHeader.byteCount) else { return nil }
        do throws(FramingError) {
            let header = try FrameHeader(decoding: bytes)
            return read(header.payloadBytes).map { (header.type, $0) }
        } catch {
            return nil
        }
    }

    /// Sends a whole answer.
    func answer(
        _ status: UInt16,
        _ headers: [HeaderField] = [],
        _ body: String = "",
        isLengthKnown: Bool = true
    ) {
        let bytes = Array(body.utf8)
        begin(status, headers, bodyBytes: isLengthKnown ? UInt64(bytes.count) : nil)
        for start in stride(from: 0, to: bytes.count, by: FramingLimits.maximumBodyFrameBytes) {
            let end = min(start + FramingLimits.maximumBodyFrameBytes, bytes.count)
            guard send(.body, Array(bytes[start..<end])) else { return }
        }
        send(.end)
    }

    /// Sends a whole answer in one piece, which the gateway reads at once.
    func answerAtOnce(_ status: UInt16, _ body: String) {
        let bytes = Array(body.utf8)
        let head = ResponseHead(status: status, headers: [], bodyBytes: UInt64(bytes.count))
        write(
            FrameHeader.frame(.responseHead, head.encode()) + FrameHeader.frame(.body, bytes)
                + FrameHeader.frame(.end)
        )
    }

    /// Sends the head of an answer.
    func begin(_ status: UInt16, _ headers: [HeaderField] = [], bodyBytes: UInt64? = nil) {
        let head = ResponseHead(status: status, headers: headers, bodyBytes: bodyBytes)
        send(.responseHead, head.encode())
    }

    /// Sends a frame, and says whether the gateway took all of it.
    @discardableResult
    func send(_ type: FrameType, _ payload: [UInt8] = []) -> Bool {
        write(FrameHeader.frame(type, payload))
    }

    /// Sends bytes, and says whether the gateway took all of them.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Gives up on a write that the gateway does not take within this time.
    func setWritePatience(milliseconds: Int) {
        var patience = timeval(tv_sec: 0, tv_usec: milliseconds * 1_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    }

    /// From here on the gateway's writes fail, though it reads no end of the connection: what a
    /// process that was just killed looks like before the news of it is read.
    func refuseMore() { shutdown(descriptor, Int32(SHUT_RD)) }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var got = 0
        while got < count {
            let more = bytes[got...].withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            guard more > 0 else { return nil }
            got += more
        }
        return bytes
    }
}
