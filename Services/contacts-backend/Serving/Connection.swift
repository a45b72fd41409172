import Framing
import Glibc

/// One connection of the gateway, with blocking reads and writes: frames in, frames out.
final class Connection {
    /// How long a read or a write within a request may take, in seconds. The gateway watches the
    /// client; this only ends what the gateway forgot.
    private static let stallSeconds = 120
    /// How long a gateway that was told that the service stops may take to close.
    private static let farewellMilliseconds: Int32 = 5_000
    /// The most bytes that are taken at once.
    private static let receiveBytes = 16 * 1024

    private let descriptor: Int32
    private var sequence = ServerSequence()
    private var decoder = FrameDecoder()
    private var received = [UInt8](repeating: 0, count: receiveBytes)

    /// Takes over a descriptor.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        var stall = timeval(tv_sec: Self.stallSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &stall, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &stall, size)
    }

    deinit { close(descriptor) }

    /// Waits until the gateway sends something.
    ///
    /// - Parameter drain: A descriptor that becomes readable when the service is to end.
    /// - Returns: False where it is to end and nothing has come.
    func waitForRequest(orDrain drain: Int32) -> Bool {
        if !decoder.isEmpty { return true }
        var watched = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: drain, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&watched, 2, -1) < 0, errno == EINTR {}
        return watched[0].revents != 0
    }

    /// Says that the service stops: the gateway sends nothing more, and closes.
    func sayGoingAway() throws(ConnectionError) {
        try write(FrameHeader.frame(.goingAway))
    }

    /// Waits for the end of a gateway that was told that the service stops, or for a request that had
    /// left before.
    ///
    /// - Returns: False where neither comes in time.
    func waitForEnd() -> Bool {
        if !decoder.isEmpty { return true }
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&watched, 1, Self.farewellMilliseconds)
            if count >= 0 || errno != EINTR { return count > 0 }
        }
    }

    /// Takes the gateway's hello and answers it.
    func greet() throws(ConnectionError) {
        let frame = try readFrame()
        do throws(FramingError) {
            _ = try Hello(decoding: frame.payload)
        } catch {
            throw .violation(error)
        }
        try write(FrameHeader.frame(.hello, Hello.current.encode()))
    }

    /// Takes the head of the next request.
    func readHead() throws(ConnectionError) -> RequestHead {
        let frame = try readFrame()
        do throws(FramingError) {
            let head = try RequestHead(decoding: frame.payload)
            sequence.expectBody(of: head)
            return head
        } catch {
            throw .violation(error)
        }
    }

    /// Takes the next piece of the body, or `nil` at its end.
    func readBody() throws(ConnectionError) -> [UInt8]? {
        if sequence.isIdle { return nil }
        let frame = try readFrame()
        return frame.type == .end ? nil : frame.payload
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

    private func readFrame() throws(ConnectionError) -> Frame {
        while true {
            do throws(FramingError) {
                if let frame = try decoder.next() {
                    try sequence.receive(frame.header)
                    return frame
                }
            } catch {
                throw .violation(error)
            }
            try receive()
        }
    }

    /// Waits for more bytes.
    private func receive() throws(ConnectionError) {
        while true {
            let count = recv(descriptor, &received, Self.receiveBytes, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .gone }
            return decoder.append(received[..<count])
        }
    }
}

extension Connection: RequestBody {
    func next() throws -> [UInt8]? { try readBody() }
}
