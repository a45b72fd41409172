internal import VCard
internal import VersionedStorage

/// Which card of a book has which UID; derived from the cards, and never trusted for another tree
/// than the one it was made for.
struct UIDIndex {
    private(set) var tree: Tree = .empty
    private var holders: [UID: Set<String>] = [:]
    private var uids: [String: UID] = [:]

    /// The card that has a UID, other than the one named.
    func holder(of uid: UID, except name: String?) -> String? {
        holders[uid]?.lazy.filter { $0 != name }.min()
    }

    /// The card of each UID; where several share one, the first by name.
    var names: [UID: String] { holders.compactMapValues { $0.min() } }

    /// The UID of a card.
    func uid(of name: String) -> UID? { uids[name] }

    /// Brings the index to a tree, by reading only the cards that differ.
    ///
    /// A card that cannot be read has no UID here, and hinders nobody.
    mutating func advance(
        to tree: Tree,
        read: (ObjectID) throws(StorageError) -> [UInt8]
    ) throws(StorageError) {
        guard tree.raw != self.tree.raw else { return }
        let changes = tree.changes(since: self.tree).filter { $0.name != Book.configFile }
        for change in changes {
            drop(change.name)
            guard let id = change.after else { continue }
            add(change.name, uid: Self.uid(of: try read(id)))
        }
        self.tree = tree
    }

    private static func uid(of bytes: [UInt8]) -> UID? {
        do {
            return try Card(parsing: bytes).uid
        } catch {
            return nil
        }
    }

    private mutating func drop(_ name: String) {
        guard let uid = uids.removeValue(forKey: name) else { return }
        holders[uid]?.remove(name)
        if holders[uid]?.isEmpty == true { holders[uid] = nil }
    }

    private mutating func add(_ name: String, uid: UID?) {
        guard let uid else { return }
        uids[name] = uid
        holders[uid, default: []].insert(name)
    }
}
