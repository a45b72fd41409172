/// Makes what the store derives from files: sizes, and the keys that the store's owner defines.
struct FactSource: Sendable {
    /// The largest file whose key is derived, in bytes; larger ones have none.
    let maximumBytes: Int
    /// The key of a file with this content; zero says that it is not what it should be.
    let key: @Sendable ([UInt8]) -> UInt64
    /// Counts the files that are read, since a push may bring many in one turn.
    var work = WorkSteps()

    /// The facts of a file that is read for it.
    func fact(of id: ObjectID, _ objects: Objects) throws(StorageError) -> FileFacts.Fact {
        work.wentOn()
        let size = try objects.size(of: id)
        guard size <= maximumBytes else { return FileFacts.Fact(bytes: size, key: 0) }
        return FileFacts.Fact(bytes: size, key: key(try objects.read(id, .blob)))
    }

    /// The facts of a whole folder, with those that are known of an earlier state taken over.
    ///
    /// A file that cannot be read has no key: it hides itself and nothing else.
    func facts(
        of tree: Tree,
        known: (tree: Tree, facts: FileFacts)?,
        _ objects: Objects
    ) -> FileFacts {
        let base = known ?? (.empty, .empty)
        let edits = tree.changes(since: base.tree).map { TreeEdit($0) }
        let facts = edits.map { edit in
            guard case .file(let id) = edit.value else { return FileFacts.Fact(bytes: 0, key: 0) }
            do throws(StorageError) {
                return try fact(of: id, objects)
            } catch {
                return FileFacts.Fact(bytes: 0, key: 0)
            }
        }
        return base.facts.applying(base.tree.splices(for: edits)) { facts[$0] }
    }
}
