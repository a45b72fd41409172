internal import CLibGit2

#if canImport(Glibc)
    import Glibc
#endif

/// The objects that lie in the repository: in packs, read through libgit2, and in files of their own.
///
/// A database knows the packs that were there when it was opened and finds later ones when it misses
/// an object; it never lets go of one that has been replaced. So the store opens a new one after
/// each checkpoint and drops the old.
final class ObjectDatabase: Sendable {
    // libgit2 guards the handle by locks of its own (GIT_THREADS); it lives as long as this object.
    private nonisolated(unsafe) let handle: OpaquePointer
    private let objects: String

    /// Opens the objects of a repository.
    init(repository path: String) throws(StorageError) {
        GitRepository.startLibrary()
        objects = "\(path)/objects"
        var opened: OpaquePointer?
        try gitCheck(git_odb_new(&opened), "git_odb_new", path)
        guard let opened else { throw StorageError.damaged(path) }
        var packs: UnsafeMutablePointer<git_odb_backend>?
        do throws(StorageError) {
            try gitCheck(git_odb_backend_pack(&packs, objects), "git_odb_backend_pack", path)
            // The database owns the backend from here on.
            try gitCheck(git_odb_add_backend(opened, packs, 1), "git_odb_add_backend", path)
        } catch {
            git_odb_free(opened)
            throw error
        }
        handle = opened
    }

    deinit { git_odb_free(handle) }

    /// Has a repository of libgit2's look objects up here; it keeps the handle as long as it does.
    func serve(_ repository: OpaquePointer) throws(StorageError) {
        try gitCheck(git_repository_set_odb(repository, handle), "git_repository_set_odb")
    }

    /// Reads an object of a known kind, and compares its content with its id; `limit` bounds it
    /// before its bytes are read.
    func read(
        _ id: ObjectID,
        _ kind: ObjectKind,
        limit: Int = .max
    ) throws(StorageError) -> [UInt8] {
        if limit < .max {
            let size = try self.size(of: id)
            guard size <= limit else { throw StorageError.tooLarge(bytes: size, limit: limit) }
        }
        let (found, bytes) = try find(id)
        guard found == kind else {
            throw StorageError.damaged("object \(id.hex) is not of the kind expected")
        }
        guard ObjectHash.id(of: bytes, kind) == id else {
            throw StorageError.damaged("object \(id.hex): its content has another id")
        }
        return bytes
    }

    private func find(_ id: ObjectID) throws(StorageError) -> (kind: ObjectKind, bytes: [UInt8]) {
        if !isPacked(id), let object = try LooseObject(id, in: objects).read() { return object }
        var object: OpaquePointer?
        var oid = id.oid
        try gitCheck(git_odb_read(&object, handle, &oid), "git_odb_read", id.hex)
        defer { git_odb_object_free(object) }
        guard let kind = ObjectKind(git_odb_object_type(object)) else {
            throw StorageError.damaged("object \(id.hex) is not of the kind expected")
        }
        let count = git_odb_object_size(object)
        guard count > 0, let data = git_odb_object_data(object) else { return (kind, []) }
        return (kind, [UInt8](UnsafeRawBufferPointer(start: data, count: count)))
    }

    /// The bytes of an object, without reading them.
    func size(of id: ObjectID) throws(StorageError) -> Int {
        if !isPacked(id), let head = try LooseObject(id, in: objects).head() {
            return head.size
        }
        var size = 0
        var type = GIT_OBJECT_INVALID
        var oid = id.oid
        try gitCheck(
            git_odb_read_header(&size, &type, handle, &oid),
            "git_odb_read_header",
            id.hex
        )
        return size
    }

    /// Whether an object lies in a pack that this database knows of, or in a file.
    func contains(_ id: ObjectID) -> Bool {
        isPacked(id) || LooseObject(id, in: objects).exists
    }

    private func isPacked(_ id: ObjectID) -> Bool {
        var oid = id.oid
        return git_odb_exists_ext(handle, &oid, UInt32(GIT_ODB_LOOKUP_NO_REFRESH.rawValue)) == 1
    }
}

extension ObjectID {
    /// The id that bytes have as a blob.
    ///
    /// - Throws: ``StorageError/git(call:code:category:message:)`` for bytes that bear the marks of
    ///   a forged SHA-1 collision.
    init(hashing bytes: [UInt8]) throws(StorageError) {
        var oid = git_oid()
        try gitCheck(git_odb_hash(&oid, bytes, bytes.count, GIT_OBJECT_BLOB), "git_odb_hash")
        self.init(oid)
    }

    var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { buffer in
            if let base = buffer.baseAddress { write(to: base) }
        }
        return oid
    }

    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid) { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("an oid has bytes") }
            return ObjectID(reading: base)
        }
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
