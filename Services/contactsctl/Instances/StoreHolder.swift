import Glibc

/// Who has a store's lock, found out without touching it: an attempt to take it could keep a backend
/// from starting that comes at the same moment.
enum StoreHolder: Equatable {
    case nobody
    /// A process, by its id.
    case held(by: Int)
    /// Whoever asks may not look; why.
    case unknown(String)

    static func of(_ store: String) -> StoreHolder {
        let path = "\(store)/everlock.lock"
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .nobody }
            return .unknown(StoreRights.failure("look at", path).message)
        }
        do {
            let locks = String(decoding: try FileBytes.read("/proc/locks"), as: UTF8.self)
            return process(holding: UInt64(status.st_ino), in: locks).map { .held(by: $0) }
                ?? .nobody
        } catch {
            // Without proc(5) nothing can be told.
            return .unknown("\(error)")
        }
    }

    /// The process that has a whole file locked with flock(2) to write it.
    ///
    /// - Parameters:
    ///   - inode: The file.
    ///   - locks: What `/proc/locks` says: `1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF`.
    /// - Returns: The process; `nil` where nobody has.
    static func process(holding inode: UInt64, in locks: String) -> Int? {
        for line in locks.split(separator: "\n") {
            let words = line.split(separator: " ")
            // A second column of `->` is somebody who waits.
            guard words.count >= 6, words[1] == "FLOCK", words[3] == "WRITE",
                words[5].split(separator: ":").last.map({ UInt64($0) == inode }) == true
            else { continue }
            return Int(words[4])
        }
        return nil
    }
}

/// The Unix sockets that somebody listens on, as proc(5) has them.
enum ListeningSockets {
    /// Whether somebody listens at a path; nobody is connected to.
    static func contains(_ path: String) -> Bool {
        do {
            let table = String(decoding: try FileBytes.read("/proc/net/unix"), as: UTF8.self)
            return contains(path, in: table)
        } catch {
            return false
        }
    }

    /// Whether somebody listens at a path, as a table has it.
    ///
    /// - Parameters:
    ///   - path: The socket's path.
    ///   - table: What `/proc/net/unix` says: `Num RefCount Protocol Flags Type St Inode Path`.
    /// - Returns: Whether it has such a socket.
    static func contains(_ path: String, in table: String) -> Bool {
        table.split(separator: "\n").contains { line in
            let words = line.split(separator: " ", maxSplits: 7)
            // SO_ACCEPTCON of the kernel.
            return words.count == 8 && words[7] == path
                && UInt32(words[3], radix: 16).map { $0 & 0x10000 != 0 } == true
        }
    }
}
