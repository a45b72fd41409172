import Framing
import Glibc

/// One connection of the gateway, with blocking reads and writes: frames in, frames out.
final class Connection {
    /// How long a read or a write within a request may take, in seconds. The gateway watches the
    /// client; this only ends what the gateway forgot.
    private static let stallSeconds = 120

    private let descriptor: Int32
    private var sequence = ServerSequence()
    private var received: [UInt8] = []
    private var consumed = 0

    /// Takes over a descriptor.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        var stall = timeval(tv_sec: Self.stallSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &stall, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &stall, size)
    }

    deinit { close(descriptor) }

    /// Whether bytes are there that nobody has looked at.
    private var hasUnread: Bool { consumed < received.count }

    /// Waits until the gateway sends something.
    ///
    /// - Parameter drain: A descriptor that becomes readable when the service is to end.
    /// - Returns: False where it is to end and nothing has come.
    func waitForRequest(orDrain drain: Int32) -> Bool {
        if hasUnread { return true }
        var watched = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: drain, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&watched, 2, -1) < 0, errno == EINTR {}
        return watched[0].revents != 0
    }

    /// Takes the gateway's hello and answers it.
    func greet() throws(ConnectionError) {
        let (type, payload) = try readFrame()
        guard type == .hello else { return }
        do throws(FramingError) {
            _ = try Hello(decoding: payload)
        } catch {
            throw .violation(error)
        }
        try write(FrameHeader.frame(.hello, Hello.current.encode()))
    }

    /// Takes the head of the next request.
    func readHead() throws(ConnectionError) -> RequestHead {
        let (_, payload) = try readFrame()
        do throws(FramingError) {
            let head = try RequestHead(decoding: payload)
            sequence.expectBody(of: head)
            return head
        } catch {
            throw .violation(error)
        }
    }

    /// Takes the next piece of the body, or `nil` at its end.
    func readBody() throws(ConnectionError) -> [UInt8]? {
        if sequence.isIdle { return nil }
        let (type, payload) = try readFrame()
        return type == .end ? nil : payload
    }

    /// Reads the rest of a request that was answered without it.
    func skipBody() throws(ConnectionError) {
        while try readBody() != nil {}
    }

    /// Says why there is no answer, and that this was all.
    func fail(_ failure: Failure) {
        do throws(ConnectionError) {
            try write(FrameHeader.frame(.failure, failure.encode()))
        } catch {
            // The gateway is gone already, and knows.
            return
        }
        // Wait until the gateway has read it and closes: bytes of its own that are still on their
        // way would otherwise reset the connection and take the failure with them.
        shutdown(descriptor, Int32(SHUT_WR))
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        var scratch = [UInt8](repeating: 0, count: 16 * 1024)
        while recv(descriptor, &scratch, scratch.count, 0) > 0 {}
    }

    /// Sends bytes that are whole frames.
    func write(_ bytes: [UInt8]) throws(ConnectionError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(
                    descriptor,
                    buffer.baseAddress.map { $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .gone }
            sent += count
        }
    }

    private func readFrame() throws(ConnectionError) -> (FrameType, [UInt8]) {
        do throws(FramingError) {
            try fill(FrameHeader.byteCount)
            let header = try FrameHeader(decoding: received[consumed...])
            try sequence.receive(header)
            let start = consumed + FrameHeader.byteCount
            try fill(FrameHeader.byteCount + header.payloadBytes)
            let payload = Array(received[start..<(start + header.payloadBytes)])
            consumed = start + header.payloadBytes
            if !hasUnread {
                received.removeAll(keepingCapacity: true)
                consumed = 0
            }
            return (header.type, payload)
        } catch .closed {
            throw .gone
        } catch {
            throw .violation(error)
        }
    }

    /// Reads until there are so many unread bytes.
    private func fill(_ count: Int) throws(FramingError) {
        if received.count - consumed >= count { return }
        if consumed > 0 {
            received.removeFirst(consumed)
            consumed = 0
        }
        while received.count < count {
            let room = max(count - received.count, 16 * 1024)
            let before = received.count
            received.append(contentsOf: repeatElement(0, count: room))
            let got = received.withUnsafeMutableBytes { buffer in
                recv(descriptor, buffer.baseAddress.map { $0 + before }, room, 0)
            }
            received.removeLast(room - max(got, 0))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw .closed(state: "reading") }
        }
    }
}

extension Connection: RequestBody {
    func next() throws -> [UInt8]? { try readBody() }
}
