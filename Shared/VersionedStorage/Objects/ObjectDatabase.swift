internal import CLibGit2

#if canImport(Glibc)
    import Glibc
#endif

/// The objects that lie in the repository's packs and files, read through libgit2.
///
/// A database knows the packs that were there when it was opened and finds later ones when it misses
/// an object; it never lets go of one that has been replaced. So the store opens a new one after
/// each checkpoint and drops the old.
final class ObjectDatabase: Sendable {
    // libgit2 guards the handle by locks of its own (GIT_THREADS); it lives as long as this object.
    private nonisolated(unsafe) let handle: OpaquePointer

    /// Opens the objects of a repository.
    init(repository path: String) throws(StorageError) {
        GitRepository.startLibrary()
        var opened: OpaquePointer?
        try gitCheck(git_odb_open(&opened, "\(path)/objects"), "git_odb_open", path)
        guard let opened else { throw StorageError.damaged(path) }
        handle = opened
    }

    deinit { git_odb_free(handle) }

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
        var object: OpaquePointer?
        var oid = id.oid
        try gitCheck(git_odb_read(&object, handle, &oid), "git_odb_read", id.hex)
        defer { git_odb_object_free(object) }
        guard git_odb_object_type(object) == kind.type else {
            throw StorageError.damaged("object \(id.hex) is not of the kind expected")
        }
        let count = git_odb_object_size(object)
        guard count > 0, let data = git_odb_object_data(object) else { return [] }
        let bytes = [UInt8](UnsafeRawBufferPointer(start: data, count: count))
        guard ObjectHash.id(of: bytes, kind) == id else {
            throw StorageError.damaged("object \(id.hex): its content has another id")
        }
        return bytes
    }

    /// The bytes of an object, without reading them.
    func size(of id: ObjectID) throws(StorageError) -> Int {
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

    /// Whether an object lies in a pack or file that this database knows of.
    func contains(_ id: ObjectID) -> Bool {
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
