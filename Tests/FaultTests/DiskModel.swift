import Foundation

/// A disk under a file system, fed with what a program does to the files of one folder: what it
/// could look like after a power cut at any moment.
///
/// **Data.** What was written to a file before a flush of it (`fsync`, `fdatasync`) began is on disk
/// when that flush has ended. What was written since lies in the system's cache. Of it, each piece
/// of 512 or of 4,096 bytes may be on disk as any of the writes since left it, or as it was at the
/// flush, whatever became of the pieces beside it and whatever was written first. Within a piece
/// nothing is torn.
///
/// **Sizes.** The size of a file is metadata. A file may have its new size and none of its new data:
/// what is missing reads as zeros.
///
/// **Names.** Creations, links, renames, removals and folders are metadata, too. There are two kinds
/// of file systems (``Metadata``). A rename is one step in both. Neither waits for data: a file that
/// was renamed without a flush may be there under its new name, empty or full of zeros.
///
/// **Not modelled**: a disk that lies about a flush, pieces that are half written, bits that rot.
/// ext4 and xfs promise more than this model does (ext4 writes a file's data before the size that
/// covers it), so that what survives here survives there.
struct DiskModel {
    /// How changes of names and sizes come to the disk.
    enum Metadata: String, CaseIterable {
        /// In the order in which they were made, as with the journals of ext4, xfs and btrfs: a cut
        /// leaves some first part of them. A flush of a file or folder that has changes of its own
        /// brings all before it along.
        case inOrder
        /// Each folder for itself, as POSIX has it: entries are safe with the flush of their folder,
        /// a size with the flush of its file, and nothing brings anything else along.
        case byFolder
    }

    typealias Inode = Int
    typealias Tree = [Inode: [String: Inode]]

    /// A change of a file that is in the cache only.
    struct Change {
        enum Kind {
            case write(offset: Int, bytes: ArraySlice<UInt8>)
            case resize
        }

        let place: Int
        let kind: Kind
        /// The file's size afterwards.
        let size: Int
        let isDropped: Range<Int>?
    }

    /// A file: what is safe, and what came since.
    struct File {
        var flushed: [UInt8] = []
        var changes: [Change] = []
        var size = 0
    }

    /// A change of a folder that is in the cache only.
    struct Entry {
        let place: Int
        let folder: Inode
        let name: String
        /// What the name stands for afterwards; `nil` where it is gone.
        let inode: Inode?
        /// Where a rename took it from.
        var source: (folder: Inode, name: String)?
        var isCreation = false
    }

    static let root: Inode = 0

    let metadata: Metadata
    private(set) var files: [Inode: File] = [:]
    /// The folders as the program sees them.
    private(set) var live: Tree = [root: [:]]
    /// The folders as they are safe on disk.
    private(set) var safe: Tree = [root: [:]]
    /// What came since, in order.
    private(set) var entries: [Entry] = []
    /// All metadata before this place is safe; for ``Metadata/inOrder``.
    private(set) var safePlace = -1
    private var descriptors: [Int32: Inode] = [:]
    private var flushes: [Int: (place: Int, inode: Inode, isDataOnly: Bool)] = [:]
    private var nextInode = 1

    /// A disk that holds what a folder holds now, all of it safe.
    init(_ metadata: Metadata, holding folder: String) throws {
        self.metadata = metadata
        for (path, isFolder) in try PlainFile.walk(folder) {
            let (parent, name) = try place(of: path)
            live[parent]?[name] = nextInode
            if isFolder {
                live[nextInode] = [:]
            } else {
                let bytes = try PlainFile.read("\(folder)/\(path)")
                files[nextInode] = File(flushed: bytes, size: bytes.count)
            }
            nextInode += 1
        }
        safe = live
    }

    /// Why a log cannot be followed.
    enum Trouble: Error {
        case noSuchPath(String)
        case noSuchDescriptor(Int32)
    }

    // MARK: Operations

    /// Takes in what the program did next.
    mutating func take(_ operation: Operation, at place: Int) throws {
        switch operation {
        case .start: descriptors = [:]
        case .open(let descriptor, let flags, let path):
            try open(descriptor, flags, path, place)
        case .write(let descriptor, let offset, let bytes):
            let inode = try inode(of: descriptor)
            let size = max(files[inode]?.size ?? 0, offset + bytes.count)
            change(inode, .write(offset: offset, bytes: bytes), size, place)
        case .resize(let descriptor, let size):
            change(try inode(of: descriptor), .resize, size, place)
        case .allocate(let descriptor, let size):
            let inode = try inode(of: descriptor)
            change(inode, .resize, max(files[inode]?.size ?? 0, size), place)
        case .rename(let from, let to): try rename(from, to, place)
        case .link(let from, let to):
            let (folder, name) = try self.place(of: to)
            enter(Entry(place: place, folder: folder, name: name, inode: try inode(at: from)))
        case .unlink(let path), .removeFolder(let path):
            let (folder, name) = try self.place(of: path)
            enter(Entry(place: place, folder: folder, name: name, inode: nil))
        case .makeFolder(let path): try create(path, place) { $0.live[$1] = [:] }
        case .flushBegan(let descriptor, let number, let isDataOnly):
            flushes[number] = (place, try inode(of: descriptor), isDataOnly)
        case .flushEnded(let number):
            guard let flush = flushes.removeValue(forKey: number) else { return }
            settle(flush.inode, before: flush.place, isDataOnly: flush.isDataOnly)
        case .accepted, .received, .sent: return
        }
    }

    private mutating func open(
        _ descriptor: Int32,
        _ flags: Int32,
        _ path: String,
        _ place: Int
    ) throws {
        if path != ".", flags & O_CREAT != 0 {
            let (folder, name) = try self.place(of: path)
            if live[folder]?[name] == nil { try create(path, place) { $0.files[$1] = File() } }
        }
        let inode = try inode(at: path)
        if flags & O_TRUNC != 0, files[inode]?.size ?? 0 > 0 { change(inode, .resize, 0, place) }
        descriptors[descriptor] = inode
    }

    private mutating func create(
        _ path: String,
        _ place: Int,
        _ make: (inout DiskModel, Inode) -> Void
    ) throws {
        let (folder, name) = try self.place(of: path)
        let inode = nextInode
        nextInode += 1
        make(&self, inode)
        enter(Entry(place: place, folder: folder, name: name, inode: inode, isCreation: true))
    }

    private mutating func rename(_ from: String, _ to: String, _ place: Int) throws {
        let inode = try inode(at: from)
        let source = try self.place(of: from)
        let (folder, name) = try self.place(of: to)
        enter(Entry(place: place, folder: folder, name: name, inode: inode, source: source))
    }

    private mutating func enter(_ entry: Entry) {
        Self.apply(entry, to: &live)
        entries.append(entry)
    }

    private mutating func change(
        _ inode: Inode,
        _ kind: Change.Kind,
        _ size: Int,
        _ place: Int
    ) {
        let before = files[inode]?.size ?? 0
        let dropped = size < before ? size..<before : nil
        files[inode]?.changes.append(
            Change(place: place, kind: kind, size: size, isDropped: dropped)
        )
        files[inode]?.size = size
    }

    static func apply(_ entry: Entry, to tree: inout Tree) {
        if let source = entry.source, tree[source.folder]?[source.name] == entry.inode {
            tree[source.folder]?[source.name] = nil
        }
        tree[entry.folder, default: [:]][entry.name] = entry.inode
    }

    // MARK: Flushes

    private mutating func settle(_ inode: Inode, before place: Int, isDataOnly: Bool) {
        let hasOwn = hasMetadata(of: inode, before: place, isDataOnly: isDataOnly)
        flush(inode, before: place)
        switch metadata {
        case .inOrder:
            guard hasOwn else { return }
            safePlace = max(safePlace, place)
            settleEntries { $0.place < place }
        case .byFolder:
            settleEntries {
                $0.place < place && ($0.folder == inode || $0.source?.folder == inode)
            }
        }
    }

    /// Whether a flush has changes of the file's or folder's own metadata to bring to the disk.
    private func hasMetadata(of inode: Inode, before place: Int, isDataOnly: Bool) -> Bool {
        let isNamed = entries.contains { entry in
            entry.place < place
                && (entry.folder == inode || entry.source?.folder == inode
                    || entry.inode == inode && (entry.isCreation || !isDataOnly))
        }
        guard !isNamed, let file = files[inode] else { return isNamed }
        let changes = file.changes.filter { $0.place < place }
        let isResized = changes.contains { $0.size != file.flushed.count }
        return isResized || !isDataOnly && !changes.isEmpty
    }

    private mutating func settleEntries(_ isSettled: (Entry) -> Bool) {
        for entry in entries where isSettled(entry) { Self.apply(entry, to: &safe) }
        entries.removeAll(where: isSettled)
    }

    private mutating func flush(_ inode: Inode, before place: Int) {
        guard var file = files[inode] else { return }
        let done = file.changes.prefix { $0.place < place }
        guard let last = done.last else { return }
        for change in done { Self.apply(change, to: &file.flushed, within: nil) }
        Self.resize(&file.flushed, to: last.size)
        file.changes.removeFirst(done.count)
        files[inode] = file
    }

    /// Makes a change in bytes that are kept as long as they ever were, or only its part in a piece.
    static func apply(_ change: Change, to bytes: inout [UInt8], within piece: Range<Int>?) {
        if let dropped = change.isDropped {
            let range = dropped.clamped(to: piece ?? dropped).clamped(to: 0..<bytes.count)
            bytes.withUnsafeMutableBytes { buffer in
                for index in range { buffer[index] = 0 }
            }
        }
        guard case .write(let offset, let written) = change.kind else { return }
        let whole = offset..<(offset + written.count)
        let range = whole.clamped(to: piece ?? whole)
        guard !range.isEmpty else { return }
        if bytes.count < range.upperBound { resize(&bytes, to: range.upperBound) }
        let part = written.dropFirst(range.lowerBound - offset).prefix(range.count)
        bytes.withUnsafeMutableBytes { target in
            part.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: target[range]).copyMemory(from: source)
            }
        }
    }

    static func resize(_ bytes: inout [UInt8], to size: Int) {
        if bytes.count > size {
            bytes.removeLast(bytes.count - size)
        } else {
            bytes += [UInt8](repeating: 0, count: size - bytes.count)
        }
    }

    // MARK: Paths

    private func inode(of descriptor: Int32) throws -> Inode {
        guard let inode = descriptors[descriptor] else {
            throw Trouble.noSuchDescriptor(descriptor)
        }
        return inode
    }

    private func inode(at path: String) throws -> Inode {
        if path == "." { return Self.root }
        let (folder, name) = try place(of: path)
        guard let inode = live[folder]?[name] else { throw Trouble.noSuchPath(path) }
        return inode
    }

    private func place(of path: String) throws -> (folder: Inode, name: String) {
        var parts = path.split(separator: "/").map { String($0) }
        guard let name = parts.popLast() else { throw Trouble.noSuchPath(path) }
        var folder = Self.root
        for part in parts {
            guard let next = live[folder]?[part] else { throw Trouble.noSuchPath(path) }
            folder = next
        }
        return (folder, name)
    }
}
