internal import Framing
import Glibc

/// What a backend answers to an operator's program on its own socket.
public struct OperatorCall {
    /// The status code.
    public let status: Int
    /// The content type, where there is one.
    public let type: String?
    /// The content.
    public let text: String

    /// Sends a request without a body to a backend's socket and waits for the answer.
    ///
    /// - Parameters:
    ///   - target: What is asked: `operator:…`.
    ///   - instance: The instance.
    ///   - path: The socket.
    /// - Throws: ``HTTPTrouble`` where nobody is there or the backend hangs up.
    public init(_ target: String, of instance: String, at path: String) throws {
        let socket = try UnixSocket(connectingTo: path)
        let head = RequestHead(
            requestID: "test-1",
            instance: instance,
            user: "operator",
            role: "writer",
            method: "GET",
            target: target,
            scheme: "operator",
            authority: "",
            clientAddress: "local",
            headers: [],
            hasBody: false,
            bodyBytes: nil
        )
        try socket.send(FrameHeader.frame(.hello, Hello.current.encode()))
        try socket.send(FrameHeader.frame(.requestHead, head.encode()))
        try socket.send(FrameHeader.frame(.end))
        var answer: ResponseHead?
        var body: [UInt8] = []
        while true {
            let header = try FrameHeader(decoding: socket.receive(FrameHeader.byteCount))
            let payload = try socket.receive(header.payloadBytes)
            switch header.type {
            case .responseHead: answer = try ResponseHead(decoding: payload)
            case .body: body += payload
            case .end:
                status = Int(answer?.status ?? 0)
                type = answer?.headers.first { $0.name == "content-type" }?.value
                text = String(decoding: body, as: UTF8.self)
                return
            default: continue
            }
        }
    }
}

/// A blocking Unix stream socket.
final class UnixSocket {
    private let descriptor: Int32

    init(connectingTo path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { throw HTTPTrouble.unreachable(errno) }
    }

    deinit { close(descriptor) }

    /// Whether somebody listens there: the file of a socket is there a moment earlier.
    static func takesConnections(at path: String) -> Bool {
        do {
            _ = try UnixSocket(connectingTo: path)
            return true
        } catch {
            return false
        }
    }

    func send(_ bytes: [UInt8]) throws {
        let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard count == bytes.count else { throw HTTPTrouble.closed([]) }
    }

    func receive(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = count == 0 ? 0 : recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
        guard got == count else { throw HTTPTrouble.closed(Array(bytes.prefix(max(0, got)))) }
        return bytes
    }
}
