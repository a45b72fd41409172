import Testing

@testable import VersionedStorage

/// The change list, and what is read from git, say what each commit's trees say.
struct RecentChangesTests {
    private typealias State = (commit: ObjectID, tree: Tree)

    /// Changes two folders at random, and gives each state of the one.
    private static func wander(_ store: Store) throws -> [State] {
        var generator = SystemRandomNumberGenerator()
        var states: [State] = []
        try store.put("other", as: "x.vcf", in: "other")
        for _ in 0..<80 {
            let name = "\(Int.random(in: 0..<12, using: &generator)).vcf"
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: try store.remove(name)
            case 1: try store.put("\(generator.next())", as: name, in: "other")
            default: try store.put("\(Int.random(in: 0..<3, using: &generator))", as: name)
            }
            if let folder = store.snapshot.folders["book"],
                folder.lastChange != states.last?.commit
            {
                states.append((folder.lastChange, folder.tree))
            }
        }
        return states
    }

    /// The names that were touched from one state to another, and what they stood for at the ends.
    private static func expected(_ states: ArraySlice<State>) -> [TreeChange] {
        guard let old = states.first?.tree, let new = states.last?.tree else { return [] }
        var names: Set<String> = []
        for (before, after) in zip(states, states.dropFirst()) {
            names.formUnion(after.tree.changes(since: before.tree).map(\.name))
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { name in
            TreeChange(
                name: name,
                before: old.entry(named: name)?.id,
                after: new.entry(named: name)?.id,
                kind: .file
            )
        }
    }

    @Test func `RFC 6578 §3.5: between any two commits, all that was touched is listed`() throws {
        try withStore { store, _ throws in
            let states = try Self.wander(store)

            for old in states.indices {
                for new in old..<states.count {
                    let listed = store.ledger.recentChanges(
                        in: "book",
                        from: states[old].commit,
                        to: states[new].commit
                    )
                    #expect(listed == Self.expected(states[old...new]))
                }
            }
        }
    }

    @Test func `RFC 6578 §3.5: what is read from git is what the list had`() throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            var states = try Self.wander(store)
            store.close()
            let anew = try Store(path: path)
            // Some commits that git does not have yet stand behind those that it has.
            states += try Self.wander(anew).filter { state in
                !states.contains { $0.commit == state.commit }
            }
            let history = StoreHistory(of: anew)

            for old in stride(from: 0, to: states.count, by: 3) {
                for new in stride(from: old, to: states.count, by: 5) {
                    let listed = try history.changes(
                        in: "book",
                        from: states[old].commit,
                        to: states[new].commit,
                        before: anew.snapshot
                    )
                    #expect(listed == Self.expected(states[old...new]))
                }
            }
            anew.close()
        }
    }

    @Test func `a commit that changed another folder is no state of this one`() throws {
        try withStore { store, _ throws in
            try store.put("1", as: "a.vcf", in: "a")
            let first = try #require(store.snapshot.commit)
            try store.put("1", as: "b.vcf", in: "b")
            let second = try #require(store.snapshot.commit)
            try store.put("2", as: "a.vcf", in: "a")
            let third = try #require(store.snapshot.commit)

            #expect(store.ledger.recentChanges(in: "a", from: first, to: third)?.count == 1)
            #expect(store.ledger.recentChanges(in: "a", from: second, to: third) == nil)
            #expect(store.ledger.recentChanges(in: "a", from: third, to: first) == nil)
        }
    }

    @Test func `what is forgotten is found in the trees`() throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            try store.put("1", as: "a.vcf")
            let first = try #require(store.snapshot.commit)
            try store.put("2", as: "b.vcf")
            let second = try #require(store.snapshot.commit)
            store.close()
            let anew = try Store(path: path)
            try anew.put("3", as: "c.vcf")
            let third = try #require(anew.snapshot.commit)

            #expect(anew.ledger.recentChanges(in: "book", from: first, to: third) == nil)
            #expect(anew.ledger.recentChanges(in: "book", from: second, to: third)?.count == 1)
            let changes = try StoreHistory(of: anew).changes(
                in: "book",
                from: first,
                to: third,
                before: anew.snapshot
            )
            #expect(changes?.map(\.name) == ["b.vcf", "c.vcf"])
            anew.close()
        }
    }

    @Test func `a store that is put back while it runs forgets what came after`() throws {
        try withStore { store, path throws in
            try store.put("1", as: "a.vcf")
            let first = try #require(store.snapshot.commit)
            try store.put("2", as: "b.vcf")
            let second = try #require(store.snapshot.commit)
            try store.checkpoint()
            let history = StoreHistory(of: store)
            func isKnown(_ commit: ObjectID) throws -> Bool {
                let snapshot = store.snapshot
                return try history.tree(of: "book", changedBy: commit, before: snapshot) != nil
            }
            try store.put("3", as: "c.vcf")
            #expect(try isKnown(first))
            #expect(try isKnown(second))
            try store.checkpoint()

            _ = try git(path, "update-ref", "refs/heads/main", first.hex)
            try store.put("4", as: "d.vcf")

            #expect(try isKnown(first))
            #expect(try !isKnown(second))
            #expect(try store.contents.keys.sorted() == ["book/a.vcf", "book/d.vcf"])
        }
    }
}
