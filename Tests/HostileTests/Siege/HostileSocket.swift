import Foundation
import TestSupport

/// A TCP socket without manners: it comes from any loopback address, sends whatever it likes at any
/// pace, and need not read.
final class HostileSocket {
    private let descriptor: Int32
    /// Everything that has come.
    private(set) var received: [UInt8] = []
    /// Whether the other end has closed or reset the connection.
    private(set) var isClosed = false

    /// - Parameters:
    ///   - port: A port of 127.0.0.1.
    ///   - address: The loopback address to come from.
    ///   - receiveBytes: The receive buffer, where it is to be small.
    /// - Throws: ``HTTPTrouble/unreachable(_:)``.
    init(_ port: Int, from address: String = "127.0.0.1", receiveBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if let receiveBytes {
            // The size of a segment is what the sender's system sizes its own buffer by.
            for (level, name, value) in [
                (SOL_SOCKET, SO_RCVBUF, receiveBytes), (Int32(IPPROTO_TCP), TCP_MAXSEG, 536),
            ] as [(Int32, Int32, Int32)] {
                var value = value
                setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
            }
        }
        var source = Self.address(address, 0)
        var target = Self.address("127.0.0.1", port)
        guard Self.call(&source, { bind(descriptor, $0, $1) }) == 0,
            Self.call(&target, { connect(descriptor, $0, $1) }) == 0
        else { throw HTTPTrouble.unreachable(errno) }
    }

    deinit { close(descriptor) }

    private static func address(_ text: String, _ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        inet_pton(AF_INET, text, &address.sin_addr)
        return address
    }

    private static func call(
        _ address: inout sockaddr_in,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Sends what the other end takes now.
    ///
    /// - Returns: How many bytes that was.
    @discardableResult
    func offer(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor,
                    buffer.baseAddress.map { $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                )
            }
            guard count > 0 else {
                if errno != EAGAIN { isClosed = true }
                return sent
            }
            sent += count
        }
        return sent
    }

    /// Sends all, as long as the other end takes some of it every few seconds; what is answered
    /// meanwhile is read, or the two would wait for each other.
    ///
    /// - Returns: How many bytes were taken before the other end closed or took no more.
    @discardableResult
    func send(_ bytes: [UInt8], reads: Bool = true, patience: Duration = .seconds(5)) -> Int {
        var sent = 0
        var end = ContinuousClock.now + patience
        while sent < bytes.count, !isClosed, ContinuousClock.now < end {
            let count = offer(Array(bytes[sent..<min(bytes.count, sent + 256 * 1024)]))
            sent += count
            if reads { take() }
            if count > 0 { end = .now + patience } else { wait(POLLOUT, milliseconds: 20) }
        }
        return sent
    }

    @discardableResult
    func send(_ text: String) -> Int { send(Array(text.utf8)) }

    /// Reads what is there now.
    ///
    /// - Parameter maximum: The most bytes to take.
    func take(_ maximum: Int = .max) {
        var rest = maximum
        var buffer = [UInt8](repeating: 0, count: min(maximum, 64 * 1024))
        while rest > 0, !isClosed {
            let count = recv(
                descriptor,
                &buffer,
                min(rest, buffer.count),
                Int32(MSG_DONTWAIT)
            )
            if count > 0 {
                received += buffer[..<count]
                rest -= count
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                isClosed = true
            } else {
                return
            }
        }
    }

    /// Reads until something is so, the other end closes, or the time is over.
    func read(within time: Duration = .seconds(10), until isEnough: () -> Bool = { false }) {
        let end = ContinuousClock.now + time
        take()
        while !isClosed, !isEnough(), ContinuousClock.now < end {
            wait(POLLIN, milliseconds: 20)
            take()
        }
    }

    /// Has the connection end with a reset.
    func resets() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout<Glibc.linger>.size)
        )
    }

    /// Forgets what has come.
    func forget() { received = [] }

    /// The statuses of the answers that have come whole or in part, with the interim ones.
    var statuses: [Int] { WireAnswer.all(in: received).map(\.status) }

    private func wait(_ event: Int32, milliseconds: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        poll(&entry, 1, milliseconds)
    }
}
