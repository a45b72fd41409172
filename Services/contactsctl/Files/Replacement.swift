import Glibc

/// A file that is written piece by piece and takes the place of another once it is whole, so that
/// readers see the one or the other; one that is given up leaves the old one as it was.
///
/// The mode and the owner of the old one are kept. A symbolic link stays, and what it leads to is
/// replaced. What is there and is no regular file, a device or a pipe, cannot be replaced without
/// taking it away from others: it is written to as it is.
final class Replacement {
    private static let maximumLinks = 40

    private let path: String
    /// Where the bytes wait; `nil` where they go straight to where they belong.
    private let temporary: String?
    private let descriptor: Int32
    private var isDone = false

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - path: Where it is to be.
    ///   - newMode: The mode where nothing is there yet.
    ///   - followsLinks: Whether what is there says where and how to write; else it is replaced,
    ///     whatever it is, for a folder whose names nobody has chosen one by one.
    /// - Throws: ``CommandFailure`` where it cannot be made.
    init(of path: String, newMode: mode_t = 0o600, followsLinks: Bool = true) throws {
        var old = stat()
        let isThere = followsLinks && stat(path, &old) == 0
        if isThere, old.st_mode & S_IFMT != S_IFREG {
            (self.path, temporary) = (path, nil)
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileBytes.failure("write", path) }
            return
        }
        self.path = followsLinks ? Self.resolved(path) : path
        let temporary = "\(self.path).new-\(getpid())"
        self.temporary = temporary
        let mode = isThere ? old.st_mode & 0o777 : newMode
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileBytes.failure("write", temporary) }
        // Whatever the shell's mask takes away.
        fchmod(descriptor, mode)
        if isThere {
            // Only root may give a file away; for others the owner is the same already.
            _ = fchown(descriptor, old.st_uid, old.st_gid)
        }
    }

    deinit {
        close(descriptor)
        if let temporary, !isDone { unlink(temporary) }
    }

    func write(_ bytes: [UInt8]) throws {
        guard FileBytes.write(bytes, to: descriptor) else {
            throw FileBytes.failure("write", temporary ?? path)
        }
    }

    /// Puts the file in its place; flushed to the disk unless there are many more to come.
    func finish(isFlushed: Bool = true) throws {
        guard let temporary else { return }
        guard !isFlushed || fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw FileBytes.failure("write", path)
        }
        isDone = true
    }

    /// Where a path leads, link by link, also where nothing is there yet; itself where links go
    /// round in a circle.
    static func resolved(_ path: String) -> String {
        var place = path
        for _ in 0..<maximumLinks {
            if let real = realpath(place, nil) {
                defer { free(real) }
                return String(cString: real)
            }
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(place, &target, target.count)
            guard count > 0 else { return place }
            let next = String(
                decoding: target[..<count].map(UInt8.init(bitPattern:)),
                as: UTF8.self
            )
            let folder = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
            place = next.hasPrefix("/") ? next : folder + next
        }
        return path
    }
}
