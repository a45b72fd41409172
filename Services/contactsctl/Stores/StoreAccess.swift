import AddressBooks
import Framing
import Glibc
import Operating
import Settings

/// An instance's store, reached in the one way that is open: through its backend where somebody
/// listens on its socket, else with the store's own lock.
///
/// Where systemd holds the socket of a backend that does not run, connecting starts it: it owns the
/// store, and a client that comes at the same moment must not find the lock taken.
enum StoreAccess {
    case running(BackendConnection)
    case free(AddressBookStore)
    /// Nothing was ever stored; only what stores something makes a store.
    case absent

    static func absence(of instance: String) -> String {
        "\(instance) has no store yet: it is made when its backend first starts, or with its first "
            + "book"
    }

    /// Does an operation, whoever owns the store; where there is none, says so, and does it on an empty
    /// one that nobody keeps.
    ///
    /// - Parameters:
    ///   - operation: What is to be done.
    ///   - instance: The instance.
    ///   - input: Gives the cards of an import.
    ///   - reply: Hears what comes of it; never ``Reply/done`` or ``Reply/failed(_:)``.
    /// - Throws: ``CommandFailure``, `AddressBookError`, or what a closure threw.
    func perform(
        _ operation: Operation,
        _ instance: String,
        input: () throws -> ImportedCard? = { nil },
        reply: (Reply) throws -> Void
    ) throws {
        switch self {
        case .running(let backend):
            try backend.perform(operation, instance, input: input, reply: reply)
        case .free(let store):
            let author = Author.operator(instance)
            let result = Result {
                try operation.perform(on: store, by: author, input: input, reply: reply)
            }
            // As the store's owner, also where the operation failed.
            store.close()
            try StoreOwner.leave()
            try result.get()
        case .absent:
            Terminal.complain(Self.absence(of: instance))
            try Self.withEmptyStore { store throws in
                try Self.free(store).perform(operation, instance, input: input, reply: reply)
            }
        }
    }

    private static func withEmptyStore(_ body: (AddressBookStore) throws -> Void) throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        guard let made = strdup("\(parent)/everlock-empty.XXXXXX") else {
            throw FileBytes.failure("make a folder in", parent)
        }
        defer { Glibc.free(made) }
        guard mkdtemp(made) != nil else { throw FileBytes.failure("make a folder in", parent) }
        let folder = String(cString: made)
        let result = Result {
            try body(try AddressBookStore(path: folder) { Terminal.complain($0) })
        }
        try StoreRemoval.empty(folder)
        rmdir(folder)
        try result.get()
    }
}

extension Places {
    /// Reaches an instance's store, and makes it where an operation wants it that stores something.
    ///
    /// - Throws: `SettingsError` for settings that do not read; ``CommandFailure`` where there is no
    ///   such instance, the backend may not be asked, or has its socket elsewhere.
    func reach(_ name: String, for operation: Operation) throws -> StoreAccess {
        let instance = try self.instance(name)
        if let backend = try BackendConnection(at: socketPath(name)) {
            return .running(backend)
        }
        guard try operation.makesStore || hasStore(instance) else { return .absent }
        let path = instance.storePath(state: state)
        try StoreOwner.take(path, makingFor: isInstallation ? SystemManager.user(of: name) : nil)
        do throws(AddressBookError) {
            return .free(try AddressBookStore(path: path) { Terminal.complain($0) })
        } catch {
            try StoreOwner.leave()
            guard case .inUse(let holder) = error else { throw error }
            throw CommandFailure(
                message: "the store of \(name) is in use by \(holder), and nobody listens at "
                    + "\(socketPath(name)): name the folder of its socket with --runtime"
            )
        }
    }

    /// Whether an instance's store has been made.
    ///
    /// - Throws: ``CommandFailure`` where whoever asks may not look.
    func hasStore(_ instance: InstanceSettings) throws -> Bool {
        let head = "\(instance.storePath(state: state))/HEAD"
        if FileModes.status(of: head) != nil { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw StoreRights.failure("read", head) }
        return false
    }

    /// Does an operation on an instance's store.
    func perform(
        _ operation: Operation,
        on instance: String,
        input: () throws -> ImportedCard? = { nil },
        reply: (Reply) throws -> Void
    ) throws {
        try reach(instance, for: operation).perform(operation, instance, input: input, reply: reply)
    }
}

extension Author {
    /// Whoever works in the shell.
    static func `operator`(_ instance: String) -> Author {
        Author(user: "contactsctl", instance: instance)
    }
}
