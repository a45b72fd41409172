import Glibc
import Supervision

/// The Unix socket that the gateway connects to.
struct ListeningSocket: Sendable {
    /// The socket.
    let descriptor: Int32
    /// Whether somebody else made it and holds it open, so that connections wait in its queue while
    /// nobody serves them.
    let isInherited: Bool

    /// The longest path of a Unix socket, in bytes (unix(7)).
    static let maximumPathBytes = 107

    /// The socket that systemd handed over, or else one made at a path.
    ///
    /// - Throws: ``SupervisionError``.
    static func inherited(orAt path: String) throws(SupervisionError) -> ListeningSocket {
        if let socket = try InheritedSocket.all().first(where: \.isUnix) {
            return ListeningSocket(descriptor: socket.descriptor, isInherited: true)
        }
        return ListeningSocket(descriptor: try make(at: path), isInherited: false)
    }

    /// Makes a socket that only the owner's user and group can reach. One that an earlier run left
    /// is replaced: the store's lock, taken before, says that no other backend is there.
    private static func make(at path: String) throws(SupervisionError) -> Int32 {
        guard path.utf8.count <= maximumPathBytes else {
            throw .system(
                call: "bind(\(path)): longer than \(maximumPathBytes) bytes",
                code: ENAMETOOLONG
            )
        }
        let descriptor = socket(
            AF_UNIX,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        guard descriptor >= 0 else { throw .system(call: "socket", code: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        unlink(path)
        let mask = umask(0o117)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        let bindError = errno
        umask(mask)
        guard bound == 0 else { throw .system(call: "bind(\(path))", code: bindError) }
        guard listen(descriptor, 1_024) == 0 else { throw .system(call: "listen", code: errno) }
        return descriptor
    }
}
