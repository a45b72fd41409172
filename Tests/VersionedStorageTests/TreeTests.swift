import Testing

@testable import VersionedStorage

struct TreeTests {
    private static let id = ObjectID(hex: String(repeating: "ab", count: 20))
    private static let other = ObjectID(hex: String(repeating: "cd", count: 20))

    private static func edit(_ name: String, _ id: ObjectID?, isTree: Bool = false) -> TreeEdit {
        let value: TreeEdit.Value = id.map { isTree ? .tree($0) : .file($0) } ?? .removed
        return TreeEdit(name: Array(name.utf8), value: value)
    }

    @Test func `a spliced tree is the tree that parsing its bytes gives`() throws {
        let id = try #require(Self.id)
        var generator = SystemRandomNumberGenerator()
        var tree = Tree.empty
        var expected: [String: ObjectID] = [:]
        for _ in 0..<200 {
            let names = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                "n\(Int.random(in: 0..<60, using: &generator)).vcf"
            }
            let edits = Set(names).map { Self.edit($0, Bool.random(using: &generator) ? id : nil) }
            tree = tree.applying(edits)
            for edit in edits {
                let name = String(decoding: edit.name, as: UTF8.self)
                expected[name] = edit.value == .removed ? nil : id
            }

            let parsed = try Tree(raw: tree.raw)
            #expect(parsed.offsets == tree.offsets)
            #expect((0..<tree.count).map { tree.entry(at: $0).name } == expected.keys.sorted())
        }
    }

    @Test func `a folder sorts as if its name ended in a slash`() throws {
        let id = try #require(Self.id)
        let tree = Tree.empty.applying([
            Self.edit("a", id, isTree: true), Self.edit("a.b", id), Self.edit("a0", id),
        ])

        #expect((0..<tree.count).map { tree.entry(at: $0).name } == ["a.b", "a", "a0"])
        #expect(throws: Never.self) { try Tree(raw: tree.raw) }
    }

    @Test func `a file takes the place of a folder of its name`() throws {
        let id = try #require(Self.id)
        let tree = Tree.empty.applying([Self.edit("a", id, isTree: true), Self.edit("a.b", id)])

        let after = tree.applying([Self.edit("a", id)])

        #expect(after.count == 2)
        #expect(after.entry(named: "a")?.kind == .file)
    }

    @Test func `changes are what was added, removed and replaced`() throws {
        let id = try #require(Self.id)
        let other = try #require(Self.other)
        let before = Tree.empty.applying(["a", "b", "c"].map { Self.edit($0, id) })
        let after = before.applying([
            Self.edit("a", nil), Self.edit("b", other), Self.edit("d", id),
        ])

        #expect(
            after.changes(since: before) == [
                TreeChange(name: "a", before: id, after: nil, kind: .file),
                TreeChange(name: "b", before: id, after: other, kind: .file),
                TreeChange(name: "d", before: nil, after: id, kind: .file),
            ]
        )
        #expect(after.changes(since: after).isEmpty)
    }

    @Test(arguments: [
        "100644 a\0", "100644 a", "x", "100644  \0", "999999 a\0aaaaaaaaaaaaaaaaaaaa",
        "100644 b\0aaaaaaaaaaaaaaaaaaaa100644 a\0aaaaaaaaaaaaaaaaaaaa",
        "100644 a\0aaaaaaaaaaaaaaaaaaaa100644 a\0aaaaaaaaaaaaaaaaaaaa",
        "100644 \0aaaaaaaaaaaaaaaaaaaa", "100644 a\0aaaaaaaaaaaaaaaaaaa",
        "1000000 a\0aaaaaaaaaaaaaaaaaaaa",
    ])
    func `bytes that are no tree are refused`(text: String) {
        #expect(throws: StorageError.self) { try Tree(raw: Array(text.utf8)) }
    }

    @Test func `every truncation of a tree is refused or shorter`() throws {
        let id = try #require(Self.id)
        let tree = Tree.empty.applying((0..<5).map { Self.edit("n\($0)", id) })
        for count in 0..<tree.raw.count {
            do throws(StorageError) {
                #expect(try Tree(raw: Array(tree.raw[..<count])).count < tree.count)
            } catch {
                guard case .damaged = error else {
                    Issue.record(error)
                    return
                }
            }
        }
    }
}
