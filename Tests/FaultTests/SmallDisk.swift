import Foundation
import TestSupport

/// A small disk in place of a server's store, so that it can be full or read-only.
final class SmallDisk {
    private static let megabytes = 128

    /// Whether this user may mount at all: root outside of most containers.
    static let isAllowed: Bool = {
        guard geteuid() == 0 else { return false }
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-mount-\(getpid())").path
        mkdir(folder, 0o700)
        defer { rmdir(folder) }
        guard mount("none", folder, "tmpfs", 0, nil) == 0 else { return false }
        umount(folder)
        return true
    }()

    private let store: String
    private var ballast: String { "\(store)/ballast" }

    /// Stops a server's backend and moves its store to a disk of its own.
    init(under server: TestServer) throws {
        store = server.store()
        server.stopBackend("default")
        let aside = store + "-aside"
        try FileManager.default.moveItem(atPath: store, toPath: aside)
        mkdir(store, 0o700)
        guard mount("none", store, "tmpfs", 0, "size=\(Self.megabytes)m,mode=700") == 0 else {
            throw TestServer.Failure("mount: \(errno)")
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: aside) {
            try FileManager.default.copyItem(
                atPath: "\(aside)/\(name)",
                toPath: "\(store)/\(name)"
            )
        }
    }

    /// Takes all room but so many bytes; others may be taking some at the same time.
    func fill(leaving bytes: Int) throws {
        let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        var code: Int32 = 0
        for _ in 0..<50 {
            var state = statvfs()
            guard statvfs(store, &state) == 0 else {
                throw TestServer.Failure("statvfs: \(errno)")
            }
            let free = Int(state.f_bavail) * Int(state.f_frsize)
            let size = Int(lseek(descriptor, 0, SEEK_END))
            guard free > bytes else {
                ftruncate(descriptor, max(0, size - (bytes - free)))
                return
            }
            code = posix_fallocate(descriptor, size, free - bytes)
            if code == 0 { return }
        }
        throw TestServer.Failure("posix_fallocate: \(code)")
    }

    /// Makes room again.
    func clear() { unlink(ballast) }

    /// Makes the disk read-only, or writable again.
    func setReadOnly(_ isReadOnly: Bool) throws {
        let flags = UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0)
        guard mount("none", store, nil, flags, nil) == 0 else {
            throw TestServer.Failure("remount: \(errno)")
        }
    }

    /// Takes the disk away; nothing may run on it any more.
    func remove() { umount2(store, Int32(MNT_DETACH)) }
}

/// Gives a server's store a small disk while the body runs. What the store is at the end must pass
/// `git fsck`.
func withSmallDisk(_ body: (TestServer, SmallDisk) throws -> Void) throws {
    try withServer(endsSound: false) { server throws in
        let disk = try SmallDisk(under: server)
        defer {
            server.stopBackend("default")
            disk.remove()
        }
        try body(server, disk)
        server.stopBackend("default")
        let wrong = try StoreCheck.fsck(server)
        guard wrong.isEmpty else { throw TestServer.Failure("git fsck: \(wrong)") }
    }
}
