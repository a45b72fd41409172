import Testing

@testable import VersionedStorage

/// The change list says what comparing the trees says.
struct RecentChangesTests {
    @Test func `between any two commits the list and the trees agree`() throws {
        try withStore { store, _ throws in
            var generator = SystemRandomNumberGenerator()
            var states: [(commit: ObjectID, tree: Tree)] = []
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

            for (place, old) in states.enumerated() {
                for new in states[place...] {
                    let listed = store.ledger.recentChanges(
                        in: "book",
                        from: old.commit,
                        to: new.commit
                    )
                    let compared = new.tree.changes(since: old.tree)
                    #expect(listed?.map(\.name) == compared.map(\.name))
                    #expect(listed?.map(\.after) == compared.map(\.after))
                    #expect(listed?.map(\.before) == compared.map(\.before))
                }
            }
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
}
