#if canImport(Glibc)
    import Glibc
#endif

/// A pack that lies in the repository: its place, and what it holds.
struct Pack: Sendable {
    let folder: String
    /// The name without an ending: `pack-` and the pack's sum.
    let name: String
    /// The bytes of the pack's file.
    let bytes: Int
    /// The objects in it, sorted by id.
    let entries: [PackEntry]

    var path: String { "\(folder)/\(name).pack" }
    private var indexPath: String { "\(folder)/\(name).idx" }
    private var keepPath: String { "\(folder)/\(name).keep" }

    /// Joins what is known of a pack.
    init(folder: String, name: String, bytes: Int, entries: [PackEntry]) {
        self.folder = folder
        self.name = name
        self.bytes = bytes
        self.entries = entries
    }

    /// Reads a pack's index.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` where the index is none, or is another pack's.
    init(folder: String, name: String) throws(StorageError) {
        self.folder = folder
        self.name = name
        let path = "\(folder)/\(name).pack"
        var status = stat()
        guard stat(path, &status) == 0 else { throw StorageError(call: "stat", path: path) }
        bytes = Int(status.st_size)
        entries = try PackIndex.decode(FileBytes.read("\(folder)/\(name).idx"), of: path)
    }

    /// Where an object lies in the pack, if it does.
    func offset(of id: ObjectID) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id == id { return entries[middle].offset }
            if entries[middle].id.precedes(id) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// How many deltas the object at a place is made of; `nil` where that cannot be told.
    func depth(at offset: Int) -> Int? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var place = offset
        for depth in 0...TreeChain.maximumDepth {
            var head = [UInt8](repeating: 0, count: 32)
            guard pread(descriptor, &head, head.count, off_t(place)) > 0 else { return nil }
            guard let distance = PackHeader.baseDistance(head[...]) else {
                // A base that is named by its id (type 7) is not one of ours.
                return (head[0] >> 4) & 7 == 7 ? nil : depth
            }
            place -= distance
            guard place > 0, distance > 0 else { return nil }
        }
        return nil
    }

    /// Whether `git gc` is told to leave the pack alone.
    var isKept: Bool { access(keepPath, F_OK) == 0 }

    /// What the `.keep` file says.
    var keepText: String {
        do throws(StorageError) {
            return String(decoding: try FileBytes.read(keepPath), as: UTF8.self)
        } catch {
            return ""
        }
    }

    /// Leaves the pack to `git gc` as well.
    func release() { unlink(keepPath) }

    /// Takes the pack away; its objects must lie in another.
    func remove() {
        // The index goes first: a pack without one is not seen.
        unlink(indexPath)
        unlink(path)
        unlink(keepPath)
        // What git has made of it, and does not clear away by itself.
        for ending in ["rev", "bitmap", "mtimes"] { unlink("\(folder)/\(name).\(ending)") }
    }
}
