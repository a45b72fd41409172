import Glibc

/// Whose files a store has. A file that root leaves in it could not be changed by the service, whose
/// user owns the store: root takes that user's place while it works there.
enum StoreOwner {
    /// Becomes the owner of a store, where root asks and another owns it.
    static func take(_ path: String) throws {
        var status = stat()
        guard geteuid() == 0, stat(path, &status) == 0, status.st_uid != 0 else { return }
        guard setegid(status.st_gid) == 0, seteuid(status.st_uid) == 0 else {
            throw CommandFailure(message: "cannot become the owner of \(path)")
        }
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
