import Foundation
import TestSupport

/// A client that sees the bytes as they come, interim answers and the end of the connection included.
final class RawClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// - Parameters:
    ///   - gateway: The gateway to connect to.
    ///   - isNarrow: Whether the system keeps little of what the server sends.
    /// - Throws: ``HTTPTrouble/unreachable(_:)``.
    init(_ gateway: TestGateway, isNarrow: Bool = false) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if isNarrow {
            // The size of a segment is what the sender's system sizes its own buffer by.
            for (level, name, value) in [
                (SOL_SOCKET, SO_RCVBUF, 4_096), (Int32(IPPROTO_TCP), TCP_MAXSEG, 536),
            ] as [(Int32, Int32, Int32)] {
                var value = value
                setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(gateway.port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw HTTPTrouble.unreachable(errno) }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    }

    deinit { close(descriptor) }

    /// Gives up on a write that the server does not take within this time.
    func setWritePatience(milliseconds: Int) {
        var patience = timeval(tv_sec: 0, tv_usec: milliseconds * 1_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    }

    /// Waits so long for bytes, and no longer.
    func setReadPatience(milliseconds: Int) {
        var patience = timeval(tv_sec: 0, tv_usec: milliseconds * 1_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    }

    /// Whether the server has closed, within the time that reading has.
    func isClosedByServer() -> Bool {
        _ = fill()
        return isClosed
    }

    /// Whether anything has come, within the time that reading has.
    func hasAnswer() -> Bool {
        _ = fill()
        return !received.isEmpty || isClosed
    }

    /// Sends bytes, and says whether the server took all of them.
    @discardableResult
    func send(_ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
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

    /// Reads until what has come ends with a text, and takes it off; what has come where it never
    /// does.
    func read(until end: String) -> String {
        while !received.suffix(end.utf8.count).elementsEqual(end.utf8), fill() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Everything until the server closes; `nil` where it does not.
    func readToEnd() -> [UInt8]? {
        while fill() {}
        defer { received = [] }
        return isClosed ? received : nil
    }

    /// Takes a few bytes of what has come, if any, without waiting, and throws them away.
    ///
    /// - Returns: How many.
    func take(_ count: Int) -> Int {
        var buffer = [UInt8](repeating: 0, count: count)
        return max(0, recv(descriptor, &buffer, count, Int32(MSG_DONTWAIT)))
    }

    private var isClosed = false

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count == 0 || (count < 0 && errno == ECONNRESET) { isClosed = true }
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }
}
