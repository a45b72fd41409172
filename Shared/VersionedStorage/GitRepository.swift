internal import CLibGit2

#if canImport(Glibc)
    import Glibc
#endif

/// A bare repository, through libgit2: objects, one branch, nothing else.
///
/// libgit2 blocks and keeps its last error per thread, so each call reads the error at once. Every
/// call is safe from any thread: the object database locks itself, and the branch is only moved by
/// the one writer of ``Store``.
final class GitRepository: Sendable {
    /// The branch that holds the store's history.
    static let branch = "refs/heads/main"

    // libgit2's handles are guarded by its own locks (built with GIT_THREADS), and both live as
    // long as this object: read-only after `init`.
    private nonisolated(unsafe) let repository: OpaquePointer
    private nonisolated(unsafe) let database: OpaquePointer

    let path: String

    /// Opens the repository in a folder, or makes it where there is none.
    init(path: String) throws(StorageError) {
        Self.startLibrary
        var handle: OpaquePointer?
        let opened = git_repository_open_bare(&handle, path)
        if opened == GIT_ENOTFOUND.rawValue {
            try Self.create(&handle, path: path)
        } else {
            try gitCheck(opened, "git_repository_open_bare")
        }
        guard let repository = handle else { throw StorageError.damaged(path) }
        var odb: OpaquePointer?
        let rc = git_repository_odb(&odb, repository)
        guard rc == 0, let database = odb else {
            git_repository_free(repository)
            try gitCheck(rc, "git_repository_odb")
            throw StorageError.damaged(path)
        }
        self.repository = repository
        self.database = database
        self.path = path
    }

    deinit {
        git_odb_free(database)
        git_repository_free(repository)
    }

    /// Started once for the process. The store reads no configuration of the machine or the user,
    /// flushes what it writes, and leaves the check of each object's hash to `verify`.
    private static let startLibrary: Void = {
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

    // MARK: Objects

    /// The kinds of object that the store keeps.
    enum ObjectKind {
        case blob, tree, commit

        fileprivate var type: git_object_t {
            switch self {
            case .blob: GIT_OBJECT_BLOB
            case .tree: GIT_OBJECT_TREE
            case .commit: GIT_OBJECT_COMMIT
            }
        }
    }

    /// Reads an object of a known kind; `limit` bounds it before its bytes are read.
    func read(
        _ id: ObjectID,
        _ kind: ObjectKind,
        limit: Int = .max
    ) throws(StorageError) -> [UInt8] {
        if limit < .max {
            let size = try self.size(of: id)
            guard size <= limit else { throw StorageError.tooLarge(bytes: size, limit: limit) }
        }
        var object: OpaquePointer?
        var oid = id.oid
        try gitCheck(git_odb_read(&object, database, &oid), "git_odb_read", id.hex)
        defer { git_odb_object_free(object) }
        guard git_odb_object_type(object) == kind.type else {
            throw StorageError.damaged("object \(id.hex) is not of the kind expected")
        }
        let count = git_odb_object_size(object)
        guard count > 0, let data = git_odb_object_data(object) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: count))
    }

    /// The bytes of an object, without reading them.
    func size(of id: ObjectID) throws(StorageError) -> Int {
        var size = 0
        var type = GIT_OBJECT_INVALID
        var oid = id.oid
        try gitCheck(
            git_odb_read_header(&size, &type, database, &oid),
            "git_odb_read_header",
            id.hex
        )
        return size
    }

    /// Writes an object, flushed to disk, and says its id.
    func write(_ bytes: [UInt8], _ kind: ObjectKind) throws(StorageError) -> ObjectID {
        var oid = git_oid()
        try gitCheck(git_odb_write(&oid, database, bytes, bytes.count, kind.type), "git_odb_write")
        return ObjectID(oid)
    }

    /// The id that some bytes have as an object.
    func hash(_ bytes: [UInt8], _ kind: ObjectKind) throws(StorageError) -> ObjectID {
        var oid = git_oid()
        try gitCheck(git_odb_hash(&oid, bytes, bytes.count, kind.type), "git_odb_hash")
        return ObjectID(oid)
    }

    /// Whether one commit lies in the history of another; true for the same commit.
    func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(StorageError) -> Bool {
        if ancestor == commit { return true }
        var old = ancestor.oid
        var new = commit.oid
        let rc = git_graph_descendant_of(repository, &new, &old)
        if rc == GIT_ENOTFOUND.rawValue { return false }
        try gitCheck(rc, "git_graph_descendant_of")
        return rc == 1
    }

    // MARK: The branch

    /// The commit that the branch stands at, or `nil` before the first.
    func head() throws(StorageError) -> ObjectID? {
        var oid = git_oid()
        let rc = git_reference_name_to_id(&oid, repository, Self.branch)
        if rc == GIT_ENOTFOUND.rawValue { return nil }
        try gitCheck(rc, "git_reference_name_to_id")
        return ObjectID(oid)
    }

    /// Moves the branch if it still stands where it did.
    ///
    /// - Returns: False where somebody else has moved it meanwhile.
    func moveHead(from old: ObjectID?, to new: ObjectID) throws(StorageError) -> Bool {
        var reference: OpaquePointer?
        var target = new.oid
        let rc: Int32
        if let old {
            var expected = old.oid
            rc = git_reference_create_matching(
                &reference,
                repository,
                Self.branch,
                &target,
                1,
                &expected,
                nil
            )
        } else {
            rc = git_reference_create(&reference, repository, Self.branch, &target, 0, nil)
        }
        git_reference_free(reference)
        if rc == GIT_EMODIFIED.rawValue || rc == GIT_EEXISTS.rawValue { return false }
        try gitCheck(rc, "git_reference_create")
        return true
    }
}

/// Turns a return code of libgit2 below zero into an error, with libgit2's own message.
///
/// Called straight after the call, on the same thread: libgit2's message is thread-local.
@discardableResult
func gitCheck(
    _ code: Int32,
    _ call: String,
    _ subject: String = ""
) throws(StorageError) -> Int32 {
    guard code < 0 else { return code }
    let systemCode = errno
    if code == GIT_ENOTFOUND.rawValue { throw StorageError.notFound("\(call) \(subject)") }
    let last = git_error_last()
    let category = last?.pointee.klass ?? 0
    let message = last?.pointee.message.map { String(cString: $0) } ?? "no message"
    if category == GIT_ERROR_OS.rawValue, [ENOSPC, EDQUOT].contains(systemCode) {
        throw StorageError.full("\(call): \(message)")
    }
    throw StorageError.git(call: call, code: code, category: category, message: message)
}

extension ObjectID {
    fileprivate var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { buffer in
            if let base = buffer.baseAddress { write(to: base) }
        }
        return oid
    }

    fileprivate init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid) { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("an oid has bytes") }
            return ObjectID(reading: base)
        }
    }
}
