#if canImport(Glibc)
    internal import Glibc
#endif

/// Who is on the other end of a Unix socket (unix(7), `SO_PEERCRED`).
public struct PeerCredentials: Sendable, Equatable {
    /// The process that connected.
    public let processID: Int32
    /// Its user.
    public let userID: UInt32
    /// Its group.
    public let groupID: UInt32

    /// Asks the kernel.
    ///
    /// - Throws: ``SupervisionError/system(call:code:)``.
    public init(ofPeerAt descriptor: Int32) throws(SupervisionError) {
        // `struct ucred` is not visible without _GNU_SOURCE: three 32-bit numbers.
        var fields: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: fields))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &fields, &size) == 0 else {
            throw .system(call: "getsockopt(SO_PEERCRED)", code: errno)
        }
        processID = fields.pid
        userID = fields.uid
        groupID = fields.gid
    }
}
