#if canImport(Glibc)
    import Glibc
#endif

extension PackIndex {
    /// Looks whether all places that a pack's index names lie in the pack.
    ///
    /// libgit2 1.5 reads at whatever place an index names: one with a flipped bit ends the process. The
    /// index's sum would tell too, and take reading all of it at each start; places are a seventh. What
    /// else is wrong with an index is found when an object is read.
    ///
    /// - Parameters:
    ///   - folder: The folder of packs.
    ///   - name: The pack's name, without an ending.
    /// - Throws: ``StorageError/damaged(_:)`` where one does not, or the index is cut off.
    static func checkPlaces(folder: String, name: String) throws(StorageError) {
        let pack = "\(folder)/\(name).pack"
        let path = "\(folder)/\(name).idx"
        var status = stat()
        // An index without its pack is nothing to git either.
        guard stat(pack, &status) == 0 else { return }
        // Behind the last object stands the pack's sum.
        let end = Int(status.st_size) - ObjectID.byteCount
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT {
            // `git gc` has put it into another since the folder was read.
            return
        }
        guard descriptor >= 0 else { throw StorageError(call: "open", path: path) }
        defer { close(descriptor) }
        guard fstat(descriptor, &status) == 0 else {
            throw StorageError(call: "fstat", path: path)
        }
        let size = Int(status.st_size)
        // libgit2 refuses an empty one, and maps it as well.
        guard size > 0, let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
            base != MAP_FAILED
        else { return }
        defer { munmap(base, size) }
        guard arePlaces(in: UnsafeRawBufferPointer(start: base, count: size), below: end) else {
            throw .damaged(
                "\(path): it names places that its pack does not have; remove it, and make it anew "
                    + "with git index-pack \(pack)"
            )
        }
    }

    private static func arePlaces(in index: UnsafeRawBufferPointer, below end: Int) -> Bool {
        // Of version 1, which git has not written since 2008, there is no magic.
        guard index.count >= 8, word(index, 0) == magic else { return true }
        let trailer = 2 * ObjectID.byteCount
        guard word(index, 4) == 2, index.count >= fanBytes + trailer else { return false }
        let count = word(index, fanBytes - 4)
        let places = fanBytes + count * (ObjectID.byteCount + 4)
        let large = places + count * 4
        guard large + trailer <= index.count else { return false }
        for number in 0..<count {
            var place = word(index, places + number * 4)
            if place >= largeOffset {
                let entry = large + (place - largeOffset) * 8
                guard entry + 8 + trailer <= index.count else { return false }
                // A pack of 2^63 bytes there is not.
                guard word(index, entry) < largeOffset else { return false }
                place = word(index, entry) << 32 | word(index, entry + 4)
            }
            if place >= end { return false }
        }
        return true
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int {
        Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
    }
}
