import Framing
import Glibc

/// One request to a running backend, on its own socket, as the gateway would send it.
enum BackendCall {
    /// Sends a request without a body and waits for the answer.
    ///
    /// - Parameters:
    ///   - target: One of ``OperatorTarget``.
    ///   - instance: The instance.
    ///   - socket: The backend's socket.
    /// - Returns: The status and the text of the answer; `nil` where nobody listens.
    /// - Throws: ``CommandFailure`` or `FramingError` where the backend hangs up or answers nonsense.
    static func post(
        _ target: String,
        to instance: String,
        at socket: String
    ) throws -> (status: Int, text: String)? {
        try send("POST", target, to: instance, at: socket)
    }

    /// Sends a request of any method without a body and waits for the answer, as ``post(_:to:at:)``.
    static func send(
        _ method: String,
        _ target: String,
        to instance: String,
        at socket: String
    ) throws -> (status: Int, text: String)? {
        guard let descriptor = connect(to: socket) else { return nil }
        defer { close(descriptor) }
        let head = RequestHead(
            requestID: "contactsctl-\(getpid())",
            instance: instance,
            user: "contactsctl",
            role: "writer",
            method: method,
            target: target,
            scheme: "operator",
            authority: "",
            clientAddress: "local",
            headers: [],
            hasBody: false,
            bodyBytes: nil
        )
        try send(FrameHeader.frame(.hello, Hello.current.encode()), descriptor)
        _ = try read(.hello, descriptor)
        try send(FrameHeader.frame(.requestHead, head.encode()), descriptor)
        let answer = try ResponseHead(decoding: read(.responseHead, descriptor))
        var text: [UInt8] = []
        while true {
            let (type, payload) = try frame(descriptor)
            if type == .end { break }
            text += payload
        }
        return (Int(answer.status), String(decoding: text, as: UTF8.self))
    }

    private static func connect(to path: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        let bytes = Array(path.utf8)
        guard bytes.count < room else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, size)
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func read(_ type: FrameType, _ descriptor: Int32) throws -> [UInt8] {
        let (got, payload) = try frame(descriptor)
        if got == .failure {
            throw CommandFailure(message: try Failure(decoding: payload).message)
        }
        guard got == type else { throw CommandFailure(message: "the backend answers nonsense") }
        return payload
    }

    private static func frame(_ descriptor: Int32) throws -> (FrameType, [UInt8]) {
        let head = try FrameHeader(decoding: receive(FrameHeader.byteCount, descriptor))
        return (head.type, try receive(head.payloadBytes, descriptor))
    }

    private static func receive(_ count: Int, _ descriptor: Int32) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                recv(descriptor, buffer.baseAddress.map { $0 + done }, count - done, 0)
            }
            guard got > 0 else { throw CommandFailure(message: "the backend has hung up") }
            done += got
        }
        return bytes
    }

    private static func send(_ bytes: [UInt8], _ descriptor: Int32) throws {
        var done = 0
        while done < bytes.count {
            let sent = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor,
                    buffer.baseAddress.map { $0 + done },
                    bytes.count - done,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard sent > 0 else { throw CommandFailure(message: "the backend has hung up") }
            done += sent
        }
    }
}
