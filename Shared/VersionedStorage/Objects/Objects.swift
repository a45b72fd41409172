internal import Synchronization

/// All objects of the store: those in git's packs, and those that only the journal has as yet.
///
/// What is pending is kept in memory until a checkpoint has put it into a pack. Trees are not kept:
/// the newest are in the snapshot, and older ones follow from the change list.
final class Objects: Sendable {
    private struct State {
        var pending: [ObjectID: [UInt8]] = [:]
        var database: ObjectDatabase
    }

    private let path: String
    private let state: Mutex<State>

    /// Opens the objects of a repository.
    init(repository path: String) throws(StorageError) {
        self.path = path
        state = Mutex(State(database: try ObjectDatabase(repository: path)))
    }

    /// The packs and files, as of the last checkpoint.
    var database: ObjectDatabase { state.withLock { $0.database } }

    /// Reads a blob or a commit, or a tree that has been through a checkpoint.
    ///
    /// - Throws: ``StorageError/notFound(_:)``, ``StorageError/tooLarge(bytes:limit:)``, or how the
    ///   object cannot be read.
    func read(
        _ id: ObjectID,
        _ kind: ObjectKind,
        limit: Int = .max
    ) throws(StorageError) -> [UInt8] {
        let (pending, database) = state.withLock { ($0.pending[id], $0.database) }
        guard let pending else { return try database.read(id, kind, limit: limit) }
        guard pending.count <= limit else {
            throw StorageError.tooLarge(bytes: pending.count, limit: limit)
        }
        return pending
    }

    /// The bytes of an object, without reading them.
    func size(of id: ObjectID) throws(StorageError) -> Int {
        let (pending, database) = state.withLock { ($0.pending[id]?.count, $0.database) }
        if let pending { return pending }
        return try database.size(of: id)
    }

    /// Takes objects that are not in git yet.
    func add(_ objects: [(id: ObjectID, bytes: [UInt8])]) {
        state.withLock { state in
            for object in objects { state.pending[object.id] = object.bytes }
        }
    }

    /// Lets go of objects that no snapshot names.
    func forget(_ ids: some Sequence<ObjectID>) {
        state.withLock { state in
            for id in ids { state.pending[id] = nil }
        }
    }

    /// Lets go of what a checkpoint has put into a pack, and sees the packs as they are now.
    func reopen(without ids: some Sequence<ObjectID>) throws(StorageError) {
        let database = try ObjectDatabase(repository: path)
        state.withLock { state in
            for id in ids { state.pending[id] = nil }
            state.database = database
        }
    }
}
