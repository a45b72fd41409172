import Foundation

/// One answer.
public struct HTTPAnswer: Sendable {
    /// The status code.
    public let status: Int
    /// The header fields in order, names in lower case.
    public let fields: [(name: String, value: String)]
    /// The body, with its transfer coding taken off.
    public let body: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The answer with its content coding taken off (RFC 9110 §8.4).
    ///
    /// - Throws: ``HTTPTrouble/malformed(_:)`` for a coding other than gzip, or what is none.
    public func unpacked() throws -> HTTPAnswer {
        guard let coding = self["content-encoding"] else { return self }
        guard coding == "gzip" else { throw HTTPTrouble.malformed("content coding \(coding)") }
        return HTTPAnswer(
            status: status,
            fields: fields.filter { $0.name != "content-encoding" },
            body: try Gunzip.bytes(body)
        )
    }

    /// A field's value.
    public subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// What went wrong on the wire.
public enum HTTPTrouble: Error {
    /// The connection could not be made.
    case unreachable(Int32)
    /// The server closed it before the answer was whole; what had come.
    case closed([UInt8])
    /// An answer that is none.
    case malformed(String)
}

/// A plain HTTP/1.1 connection over a socket: what is sent is what the test wrote, to the byte.
public final class HTTPConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects to a port of the loopback address.
    ///
    /// - Parameters:
    ///   - port: The port.
    ///   - patienceSeconds: How long to wait for an answer, or for more of it.
    ///   - socket: A TCP socket that was made elsewhere, another network's for example.
    /// - Throws: ``HTTPTrouble/unreachable(_:)``.
    public init(port: Int, patienceSeconds: Int = 60, over socket: Int32? = nil) throws {
        descriptor = socket ?? Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // Closed by `deinit`, which runs here too: everything is initialised.
        guard connected == 0 else { throw HTTPTrouble.unreachable(errno) }
        var patience = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
    }

    deinit { close(descriptor) }

    /// Sends bytes as they are.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor,
                    buffer.baseAddress.map { $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { throw HTTPTrouble.closed([]) }
            sent += count
        }
    }

    /// Reads one answer.
    ///
    /// - Parameter isHead: Whether it is the answer to HEAD, which has no body.
    /// - Returns: The answer, with interim ones skipped.
    /// - Throws: ``HTTPTrouble``.
    public func readAnswer(isHead: Bool = false) throws -> HTTPAnswer {
        while true {
            let lines = try readHead()
            let status = try Self.status(lines)
            if (100..<200).contains(status) { continue }
            let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...]
                return (line[..<colon].lowercased(), value.trimmingCharacters(in: .whitespaces))
            }
            let body = isHead || status == 204 || status == 304 ? [] : try readBody(fields)
            return HTTPAnswer(status: status, fields: fields, body: body)
        }
    }

    /// Whether the server closes the connection now, with nothing more to read.
    public func isClosedByServer() -> Bool {
        var byte: UInt8 = 0
        return received.isEmpty && recv(descriptor, &byte, 1, 0) <= 0
    }

    private static func status(_ lines: [String]) throws -> Int {
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw HTTPTrouble.malformed(lines.first ?? "")
        }
        return status
    }

    private func readHead() throws -> [String] {
        let end: [UInt8] = [13, 10, 13, 10]
        var searched = 0
        while true {
            if received.count >= 4 {
                for start in max(0, searched - 3)...(received.count - 4)
                where Array(received[start..<(start + 4)]) == end {
                    let head = String(decoding: received[..<start], as: UTF8.self)
                    received.removeFirst(start + 4)
                    return head.components(separatedBy: "\r\n")
                }
            }
            searched = received.count
            try fill()
        }
    }

    private func readBody(_ fields: [(name: String, value: String)]) throws -> [UInt8] {
        if fields.contains(where: { $0.name == "transfer-encoding" && $0.value == "chunked" }) {
            var body: [UInt8] = []
            while true {
                let line = try readLine()
                guard let count = Int(line, radix: 16) else { throw HTTPTrouble.malformed(line) }
                body += try take(count)
                _ = try take(2)
                if count == 0 { return body }
            }
        }
        let length = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) }
        return try take(length ?? 0)
    }

    private func readLine() throws -> String {
        var searched = 0
        while true {
            if let end = received[searched...].firstIndex(of: 10) {
                let line = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end + 1)
                return line.trimmingCharacters(in: .whitespacesAndNewlines)
            }
            searched = received.count
            try fill()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while received.count < count { try fill() }
        let bytes = Array(received[..<count])
        received.removeFirst(count)
        return bytes
    }

    private func fill() throws {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw HTTPTrouble.closed(received) }
        received += buffer[..<count]
    }
}
