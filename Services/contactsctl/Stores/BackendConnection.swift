import Framing
import Glibc

/// A connection to a backend on its own socket, as the gateway would make it, for one request.
final class BackendConnection {
    /// How long a backend that systemd has to start may take to answer, in seconds.
    private static let greetingSeconds = 60
    /// What is gathered before it is sent.
    private static let gatherBytes = FramingLimits.maximumBodyFrameBytes

    private let descriptor: Int32
    private var decoder = FrameDecoder()
    private var received = [UInt8](repeating: 0, count: 64 * 1024)
    private var gathered: [UInt8] = []

    /// Connects and greets.
    ///
    /// - Returns: `nil` where nobody listens.
    /// - Throws: ``CommandFailure`` where somebody does and may not be asked, or does not answer.
    init?(at path: String) throws {
        guard let descriptor = try Self.connect(to: path) else { return nil }
        self.descriptor = descriptor
        wait(seconds: Self.greetingSeconds)
        try send(FrameHeader.frame(.hello, Hello.current.encode()))
        let hello = try read()
        guard hello.type == .hello else { throw Self.nonsense }
        _ = try Hello(decoding: hello.payload)
        wait(seconds: 0)
    }

    deinit { close(descriptor) }

    // MARK: A request

    /// Sends the head of a request.
    ///
    /// - Parameters:
    ///   - target: One of ``OperatorTarget``.
    ///   - instance: The instance.
    ///   - fields: The request's particulars.
    /// - Throws: ``CommandFailure`` where the backend hangs up.
    func begin(_ target: String, _ instance: String, _ fields: [HeaderField] = []) throws {
        let head = RequestHead(
            requestID: "contactsctl-\(getpid())",
            instance: instance,
            user: "contactsctl",
            role: "writer",
            method: "POST",
            target: target,
            scheme: "operator",
            authority: "",
            clientAddress: "local",
            headers: fields,
            hasBody: true,
            bodyBytes: nil
        )
        try send(FrameHeader.frame(.requestHead, head.encode()))
    }

    /// Sends a piece of the body, once enough has come together.
    ///
    /// - Parameters:
    ///   - record: The piece.
    ///   - hear: Takes what comes of the answer meanwhile: a backend that nobody hears stops reading.
    /// - Throws: ``CommandFailure`` where the backend hangs up or refuses; what `hear` throws.
    func body(_ record: OperatorRecord, hear: (Frame) throws -> Void) throws {
        record.encode(into: &gathered)
        guard gathered.count >= Self.gatherBytes else { return }
        var rest = gathered[...]
        var frames: [UInt8] = []
        while rest.count >= Self.gatherBytes {
            frames += FrameHeader.frame(.body, Array(rest.prefix(Self.gatherBytes)))
            rest = rest.dropFirst(Self.gatherBytes)
        }
        gathered = Array(rest)
        try send(frames, hear: hear)
    }

    /// Ends a request without a body; what comes of it is for whoever reads next.
    func end() throws { try send(FrameHeader.frame(.end)) }

    /// Ends the request.
    ///
    /// - Parameter hear: As of ``body(_:hear:)``.
    /// - Throws: As ``body(_:hear:)``.
    func end(hear: (Frame) throws -> Void) throws {
        var frames = gathered.isEmpty ? [] : FrameHeader.frame(.body, gathered)
        gathered = []
        frames += FrameHeader.frame(.end)
        try send(frames, hear: hear)
    }

    // MARK: An answer

    /// Takes the head of the answer.
    func answer() throws -> ResponseHead {
        let frame = try read()
        guard frame.type == .responseHead else { throw Self.nonsense }
        return try ResponseHead(decoding: frame.payload)
    }

    /// Takes a piece of the answer's body, or `nil` at its end.
    func piece() throws -> [UInt8]? {
        let frame = try read()
        switch frame.type {
        case .body: return frame.payload
        case .end: return nil
        default: throw Self.nonsense
        }
    }

    /// Takes all of a short body as text.
    func text() throws -> String {
        var bytes: [UInt8] = []
        while let piece = try piece(), bytes.count < FramingLimits.maximumHeadBytes {
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Bytes

    static let nonsense = CommandFailure(
        message:
            "the backend answers what this program does not understand; are both of one version?"
    )

    private static let hungUp = CommandFailure(
        message: "the backend has hung up; its log may say why"
    )

    /// Waits for the next frame.
    func read() throws -> Frame {
        while true {
            if let frame = try next() { return frame }
            try receive()
        }
    }

    /// A frame that has come already.
    private func next() throws -> Frame? {
        while let frame = try decoder.next() {
            switch frame.type {
            case .failure:
                throw CommandFailure(message: try Failure(decoding: frame.payload).message)
            // The only request of this connection is answered all the same.
            case .goingAway: continue
            default: return frame
            }
        }
        return nil
    }

    /// Waits for more bytes.
    private func receive() throws {
        while true {
            let count = recv(descriptor, &received, received.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                throw CommandFailure(message: "the backend does not answer; its log may say why")
            }
            guard count > 0 else { throw Self.hungUp }
            return decoder.append(received[..<count])
        }
    }

    /// Sends the few bytes of a short request, which a backend may answer before it has the last.
    private func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else {
                // It may have said why.
                _ = try read()
                throw Self.hungUp
            }
            rest = rest.dropFirst(sent)
        }
    }

    /// Sends bytes, and takes what comes meanwhile.
    private func send(_ bytes: [UInt8], hear: (Frame) throws -> Void) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN | POLLOUT), revents: 0)
            if poll(&watched, 1, -1) < 0, errno == EINTR { continue }
            // Also where it has hung up: it may have said why.
            if watched.revents & Int16(POLLIN) != 0 {
                try receive()
                while let frame = try next() { try hear(frame) }
                continue
            }
            let sent = rest.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor,
                    buffer.baseAddress,
                    buffer.count,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                )
            }
            if sent < 0, errno == EINTR || errno == EAGAIN { continue }
            guard sent > 0 else { throw Self.hungUp }
            rest = rest.dropFirst(sent)
        }
    }

    private func wait(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    }

    private static func connect(to path: String) throws -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw CommandFailure(message: "\(path) is longer than a socket's path may be")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw CommandFailure(message: "no socket can be made") }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, size)
            }
        }
        if result == 0 { return descriptor }
        let code = errno
        close(descriptor)
        // One that a killed backend left behind refuses.
        if [ENOENT, ENOTDIR, ECONNREFUSED].contains(code) { return nil }
        errno = code
        throw StoreRights.failure("connect to", path)
    }
}
