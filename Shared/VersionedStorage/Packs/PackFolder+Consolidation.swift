#if canImport(Glibc)
    import Glibc
#endif

extension PackFolder {
    /// The packs that may lie side by side before they are put together: looking for an object asks
    /// each pack in turn.
    static let maximumSidePacks = 12
    /// A pack of this size is not put together with others any more: what a consolidation copies,
    /// and the disk that it takes meanwhile, is bounded.
    static let maximumConsolidatedBytes = 256 << 20

    /// Puts the smaller of the packs that are full into one, as they are: no object is read, none
    /// deflated anew.
    ///
    /// Leaves everything alone while `git gc` runs, and packs that share an object: git has no use
    /// for an object that a pack has twice.
    ///
    /// - Returns: Whether the packs have changed.
    func consolidate() throws(StorageError) -> Bool {
        guard access("\(repositoryPath)/gc.pid", F_OK) != 0 else { return false }
        let names = fullPackNames()
        guard names.count > Self.maximumSidePacks else { return false }
        let packs = names.compactMap(readPack)
        let spare = Self.redundant(packs)
        guard spare.isEmpty else {
            retire(spare)
            return true
        }
        var taken: [Pack] = []
        var bytes = 0
        var ids = Set<ObjectID>()
        for pack in packs.sorted(by: { $0.bytes < $1.bytes }) {
            guard bytes + pack.bytes <= Self.maximumConsolidatedBytes else { break }
            guard pack.entries.allSatisfy({ !ids.contains($0.id) }) else { continue }
            ids.formUnion(pack.entries.lazy.map(\.id))
            bytes += pack.bytes
            taken.append(pack)
        }
        guard taken.count > 1 else { return false }
        let writer = try PackWriter(folder: folderPath, work: work)
        for pack in taken { try writer.append(contentsOf: pack) }
        _ = try writer.finish(keep: nil)
        retire(taken)
        return true
    }

    /// Packs of which a larger one has every object, as an end of power during a consolidation leaves
    /// them.
    private static func redundant(_ packs: [Pack]) -> [Pack] {
        var spare: [Pack] = []
        var kept: [Pack] = []
        for pack in packs.sorted(by: { $0.entries.count > $1.entries.count }) {
            let isInOther = kept.contains { other in
                pack.entries.allSatisfy { other.offset(of: $0.id) != nil }
            }
            if isInOther { spare.append(pack) } else { kept.append(pack) }
        }
        return spare
    }

    private func fullPackNames() -> [String] {
        FileBytes.names(in: folderPath).compactMap { name in
            guard name.hasSuffix(".idx") else { return nil }
            let stem = String(name.dropLast(4))
            let size = FileMark(path: "\(folderPath)/\(stem).pack")?.size ?? 0
            let isFull =
                size > 0 && size < Self.maximumConsolidatedBytes && !isRetired(stem)
                && access("\(folderPath)/\(stem).keep", F_OK) != 0
            return isFull ? stem : nil
        }
    }

    /// A pack, or `nil` where it is damaged or somebody else has just taken it away: it is left alone.
    private func readPack(_ name: String) -> Pack? {
        do throws(StorageError) {
            return try Pack(folder: folderPath, name: name)
        } catch {
            return nil
        }
    }
}
