import Testing

@testable import VersionedStorage

/// Deltas of trees, undone by a reader written from gitformat-pack alone.
struct TreeChainTests {
    /// What a delta makes of a base; `nil` for one that reaches beyond its base or its end.
    static func apply(_ delta: [UInt8], to base: [UInt8]) -> [UInt8]? {
        var rest = delta[...]
        func number() -> Int {
            var value = 0
            var shift = 0
            while let byte = rest.popFirst() {
                value |= Int(byte & 0x7F) << shift
                shift += 7
                if byte & 0x80 == 0 { break }
            }
            return value
        }
        guard number() == base.count else { return nil }
        let size = number()
        var result: [UInt8] = []
        while let op = rest.popFirst() {
            guard op & 0x80 != 0 else {
                guard op > 0, rest.count >= Int(op) else { return nil }
                result += rest.prefix(Int(op))
                rest = rest.dropFirst(Int(op))
                continue
            }
            var start = 0
            var count = 0
            for bit in 0..<4 where op & (1 << bit) != 0 {
                start |= Int(rest.popFirst() ?? 0) << (8 * bit)
            }
            for bit in 0..<3 where op & (0x10 << bit) != 0 {
                count |= Int(rest.popFirst() ?? 0) << (8 * bit)
            }
            if count == 0 { count = 0x1_0000 }
            guard start + count <= base.count else { return nil }
            result += base[start..<(start + count)]
        }
        return result.count == size ? result : nil
    }

    private static func randomID(_ generator: inout some RandomNumberGenerator) -> ObjectID? {
        ObjectID(bytes: (0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    @Test(arguments: [1, 20, 3_000])
    func `each tree of a chain comes out of its deltas as it went in`(count: Int) throws {
        var generator = SystemRandomNumberGenerator()
        var edits: [TreeEdit] = []
        for number in 0..<count {
            let id = try #require(Self.randomID(&generator))
            edits.append(TreeEdit(name: Array("card-\(number * 2).vcf".utf8), value: .file(id)))
        }
        var tree = Tree.empty.applying(edits)
        var chain = TreeChain(on: tree, at: 0, depth: 0)
        var stored: [Int: [UInt8]] = [0: tree.raw]
        var deltas = 0
        for step in 1...600 {
            var changes: [TreeEdit] = []
            for name in Set(
                (0..<Int.random(in: 1...3)).map { _ in Int.random(in: 0...(2 * count)) }
            ) {
                let id = try #require(Self.randomID(&generator))
                let value = Int.random(in: 0...3) == 0 ? TreeEdit.Value.removed : .file(id)
                changes.append(TreeEdit(name: Array("card-\(name).vcf".utf8), value: value))
            }
            let next = tree.applying(changes)
            let offset = step * 1_000
            if let made = chain.advance(to: next, changes: next.changes(since: tree)) {
                let base = try #require(stored[made.base])
                #expect(Self.apply(made.delta, to: base) == next.raw)
                chain.placed(made, at: offset)
                deltas += 1
            } else {
                chain = TreeChain(on: next, at: offset, depth: 0)
            }
            stored[offset] = next.raw
            tree = next
        }

        #expect(count < 100 || deltas == 600)
    }

    @Test func `a name that stands twice in a tree is no part of a delta`() throws {
        var generator = SystemRandomNumberGenerator()
        let id = try #require(Self.randomID(&generator))
        let twice = Array("100644 a\0".utf8) + id.bytes + Array("40000 a\0".utf8) + id.bytes
        let files = (0..<20).map { TreeEdit(name: Array("b\($0)".utf8), value: .file(id)) }
        let tree = try Tree(raw: twice + Tree.empty.applying(files).raw)
        var chain = TreeChain(on: tree, at: 0, depth: 0)
        let other = try #require(Self.randomID(&generator))

        let next = tree.applying([TreeEdit(name: [UInt8(ascii: "a")], value: .file(other))])
        let change = TreeChange(name: "a", before: id, after: other, kind: .file)

        #expect(next.count == tree.count - 1)
        let step = chain.advance(to: next, changes: [change])
        #expect(step == nil || Self.apply(step?.delta ?? [], to: tree.raw) == next.raw)
    }
}
