import AddressBooks
import Glibc
import Operating

/// What an operation finds where an instance's store should be.
enum ReachedStore {
    case present(StoreAccess)
    /// Nothing was ever stored; only what stores something makes a store.
    case absent

    static func absence(of instance: String) -> String {
        "\(instance) has no store yet: it is made when its backend first starts, or with its first "
            + "book"
    }

    /// Does an operation, as ``StoreAccess/perform(_:_:input:reply:)`` does; where there is no store,
    /// says so, and does it on an empty one that nobody keeps.
    func perform(
        _ operation: Operation,
        _ instance: String,
        input: () throws -> ImportedCard? = { nil },
        reply: (Reply) throws -> Void
    ) throws {
        switch self {
        case .present(let access):
            try access.perform(operation, instance, input: input, reply: reply)
        case .absent:
            Terminal.complain(Self.absence(of: instance))
            try Self.withEmptyStore { store throws in
                try StoreAccess.free(store).perform(
                    operation,
                    instance,
                    input: input,
                    reply: reply
                )
            }
        }
    }

    private static func withEmptyStore(_ body: (AddressBookStore) throws -> Void) throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        guard let made = strdup("\(parent)/everlock-empty.XXXXXX") else {
            throw FileBytes.failure("make a folder in", parent)
        }
        defer { free(made) }
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

extension Operation {
    /// Whether a store is made for it where there is none.
    var makesStore: Bool {
        switch self {
        case .addBook, .importCards(_, isRehearsal: false): true
        case .listBooks, .removeBook, .importCards, .exportCards, .verify: false
        }
    }
}
