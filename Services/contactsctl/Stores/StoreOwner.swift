import Glibc

/// Whose files a store has. A file that root leaves in it could not be changed by the service, whose
/// user owns the store: root takes that user's place while it works there.
enum StoreOwner {
    /// Becomes the owner of a store, where root asks and another owns it.
    ///
    /// A store that is not there yet belongs to whoever has the nearest folder above it; where that
    /// is root, to the instance's user, for whom its folder is made.
    ///
    /// - Parameters:
    ///   - path: The store's folder.
    ///   - user: The user of the system who is to have it; `nil` where no unit runs as one.
    /// - Throws: ``CommandFailure`` where that cannot be done.
    static func take(_ path: String, makingFor user: String? = nil) throws {
        guard geteuid() == 0 else { return }
        var (place, missing) = (path, [] as [String])
        var status = stat()
        while stat(place, &status) != 0 {
            guard errno == ENOENT else { throw FileBytes.failure("look at", place) }
            missing.append(place)
            place = folder(of: place)
        }
        if status.st_uid == 0, let top = missing.last, let entry = user.flatMap({ getpwnam($0) }) {
            (status.st_uid, status.st_gid) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
            // As root in a folder of root's, where nobody else can put a link.
            guard mkdir(top, 0o700) == 0, chown(top, status.st_uid, status.st_gid) == 0 else {
                throw FileBytes.failure("make", top)
            }
        }
        guard status.st_uid != 0 else { return }
        guard setegid(status.st_gid) == 0, seteuid(status.st_uid) == 0 else {
            throw CommandFailure(message: "cannot become the owner of \(place)")
        }
    }

    private static func folder(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    /// Becomes root again, where root asked.
    static func leave() throws {
        guard getuid() == 0, geteuid() != 0 else { return }
        guard seteuid(0) == 0, setegid(0) == 0 else {
            throw CommandFailure(message: "cannot become root again")
        }
    }

    /// Opens a file of whoever runs the command, while the store's owner's place is taken.
    ///
    /// Users belong to the process and not to its threads: nothing of the store may be under way
    /// that makes files, which is so between two commits that have been put into git.
    static func asCaller<Value>(_ body: () throws -> Value) throws -> Value {
        let (user, group) = (geteuid(), getegid())
        guard getuid() == 0, user != 0 else { return try body() }
        try leave()
        defer {
            // Root may become anybody.
            _ = setegid(group)
            _ = seteuid(user)
        }
        return try body()
    }

    /// Looks at something as another user would, who has all groups that a unit of that user has.
    ///
    /// - Returns: `nil` where there is no such user, or this is not root, who alone can be anybody.
    static func asOther<Value>(_ user: String, _ body: () -> Value) -> Value? {
        guard geteuid() == 0, let entry = getpwnam(user) else { return nil }
        let (id, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        var groups = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
        guard getgroups(Int32(groups.count), &groups) >= 0, initgroups(user, group) == 0 else {
            return nil
        }
        let own = getegid()
        defer {
            // Root may become anybody.
            _ = seteuid(0)
            _ = setegid(own)
            _ = setgroups(groups.count, groups)
        }
        guard setegid(group) == 0, seteuid(id) == 0 else { return nil }
        return body()
    }
}
