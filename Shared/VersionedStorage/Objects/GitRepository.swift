internal import CLibGit2

#if canImport(Glibc)
    import Glibc
#endif

/// A bare repository and its one branch, through libgit2.
///
/// libgit2 blocks and keeps its last error per thread, so each call reads the error at once.
final class GitRepository: Sendable {
    /// The branch that holds the store's history.
    static let branch = "refs/heads/main"

    // Guarded by libgit2's own locks (GIT_THREADS), and lives as long as this object.
    private nonisolated(unsafe) let handle: OpaquePointer

    let path: String

    /// Opens the repository in a folder, or makes it where there is none.
    init(path: String) throws(StorageError) {
        Self.startLibrary()
        var handle: OpaquePointer?
        let opened = git_repository_open_bare(&handle, path)
        if opened == GIT_ENOTFOUND.rawValue {
            try Self.create(&handle, path: path)
        } else {
            try gitCheck(opened, "git_repository_open_bare")
        }
        guard let handle else { throw StorageError.damaged(path) }
        self.handle = handle
        self.path = path
    }

    deinit { git_repository_free(handle) }

    /// Starts libgit2 once for the process. The store reads no configuration of the machine or the
    /// user, flushes what it writes, and leaves the check of each object's hash to `verify`.
    static func startLibrary() { started }

    private static let started: Void = {
        git_libgit2_init()
        let levels = [
            GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
            GIT_CONFIG_LEVEL_PROGRAMDATA,
        ]
        for level in levels { _ = everlock_git_search_path(level.rawValue, "/nonexistent") }
        _ = everlock_git_fsync_gitdir(1)
        _ = everlock_git_strict_hash_verification(0)
        // Who may use a store is settled by its folder's mode and by the store's own lock.
        _ = everlock_git_owner_validation(0)
    }()

    private static func create(_ handle: inout OpaquePointer?, path: String) throws(StorageError) {
        var options = git_repository_init_options()
        git_repository_init_options_init(
            &options,
            UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)
        )
        options.flags =
            GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
            | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
        options.mode = 0o700
        let rc = "main".withCString { head in
            options.initial_head = head
            return git_repository_init_ext(&handle, path, &options)
        }
        try gitCheck(rc, "git_repository_init_ext")
    }

    /// The commit that the branch stands at, or `nil` before the first.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` where the branch names no commit.
    func head() throws(StorageError) -> ObjectID? {
        var oid = git_oid()
        let rc = git_reference_name_to_id(&oid, handle, Self.branch)
        if rc == GIT_ENOTFOUND.rawValue { return nil }
        if rc < 0 {
            let detail = git_error_last()?.pointee.message.map { String(cString: $0) } ?? ""
            throw StorageError.damaged("the branch \(Self.branch) of \(path): \(detail)")
        }
        return ObjectID(oid)
    }

    /// The age in seconds at which a lock of the branch is one that a kill has left: whoever moves
    /// a branch holds it for milliseconds.
    private static let staleLockSeconds = 2

    /// Looks objects up in a database from now on, and lets go of the one before with all the packs
    /// that it has opened: libgit2's own never forgets a pack, not even one that is long gone.
    func use(_ database: ObjectDatabase) throws(StorageError) {
        try database.serve(handle)
    }

    /// Moves the branch if it still stands where it did, durably.
    ///
    /// Waits while somebody else holds the branch's lock, and takes away a lock that nobody does.
    ///
    /// - Returns: False where somebody else has moved it meanwhile.
    func moveHead(from old: ObjectID?, to new: ObjectID) throws(StorageError) -> Bool {
        while true {
            do throws(StorageError) {
                return try tryMovingHead(from: old, to: new)
            } catch .git(_, GIT_ELOCKED.rawValue, _, _) {
                let lock = "\(path)/\(Self.branch).lock"
                // One from the future is as old as the clock was wrong.
                if let mark = FileMark(path: lock), abs(mark.age) > Self.staleLockSeconds {
                    guard unlink(lock) == 0 || errno == ENOENT else {
                        throw StorageError(call: "unlink", path: lock)
                    }
                } else {
                    usleep(50_000)
                }
            }
        }
    }

    private func tryMovingHead(from old: ObjectID?, to new: ObjectID) throws(StorageError) -> Bool {
        var reference: OpaquePointer?
        var target = new.oid
        let rc: Int32
        if let old {
            var expected = old.oid
            rc = git_reference_create_matching(
                &reference,
                handle,
                Self.branch,
                &target,
                1,
                &expected,
                nil
            )
        } else {
            rc = git_reference_create(&reference, handle, Self.branch, &target, 0, nil)
        }
        git_reference_free(reference)
        if rc == GIT_EMODIFIED.rawValue || rc == GIT_EEXISTS.rawValue { return false }
        try gitCheck(rc, "git_reference_create")
        return true
    }

    /// Puts the branch at a commit, whatever its file says now.
    func resetHead(to commit: ObjectID) throws(StorageError) {
        var reference: OpaquePointer?
        var target = commit.oid
        unlink("\(path)/\(Self.branch)")
        let rc = git_reference_create(&reference, handle, Self.branch, &target, 1, nil)
        git_reference_free(reference)
        try gitCheck(rc, "git_reference_create")
    }

    /// A mark that changes whenever somebody moves the branch: the state of the files it lies in.
    func branchMark() -> BranchMark {
        BranchMark(
            loose: FileMark(path: "\(path)/\(Self.branch)"),
            packed: FileMark(path: "\(path)/packed-refs")
        )
    }
}

/// The state of the files that a branch lies in; two look-ups of a file, no reading.
struct BranchMark: Equatable, Sendable {
    fileprivate let loose: FileMark?
    fileprivate let packed: FileMark?
}

/// What tells one version of a file from the next.
struct FileMark: Equatable, Sendable {
    private let inode: UInt64
    /// The file's bytes.
    let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// How long ago the file was written, in seconds.
    var age: Int { Int(time(nil)) - seconds }

    /// Looks at a file; `nil` where there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
