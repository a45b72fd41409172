internal import CSystemd

#if canImport(Glibc)
    internal import Glibc
#endif

/// A listening socket that systemd made and hands over (sd_listen_fds_with_names(3)).
public struct InheritedSocket: Sendable, Equatable {
    /// The descriptor, now the caller's.
    public let descriptor: Int32
    /// The socket's `FileDescriptorName=`.
    public let name: String
    /// Whether it is a Unix socket.
    public let isUnix: Bool

    /// Takes all that were handed over; a second call finds none.
    ///
    /// - Throws: ``SupervisionError/notAListeningSocket(name:)``.
    public static func all() throws(SupervisionError) -> [InheritedSocket] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count >= 0 else { throw .system(call: "sd_listen_fds_with_names", code: -count) }
        defer {
            for index in 0..<Int(count) { free(names?[index]) }
            free(names)
        }
        var sockets: [InheritedSocket] = []
        for index in 0..<Int(count) {
            let descriptor = SD_LISTEN_FDS_START + Int32(index)
            let name = names?[index].map { String(cString: $0) } ?? ""
            guard sd_is_socket(descriptor, AF_UNSPEC, Int32(SOCK_STREAM.rawValue), 1) > 0 else {
                throw .notAListeningSocket(name: name)
            }
            let isUnix = sd_is_socket(descriptor, AF_UNIX, 0, -1) > 0
            sockets.append(InheritedSocket(descriptor: descriptor, name: name, isUnix: isUnix))
        }
        return sockets
    }
}
