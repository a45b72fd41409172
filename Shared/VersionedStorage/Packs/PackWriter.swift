#if canImport(Glibc)
    import Glibc
#endif

/// Writes one pack, version 2, and its index (gitformat-pack).
///
/// Under names that git takes for rubbish until both files are whole and on disk; then the pack is
/// renamed first and the index last, since a pack without an index is not seen.
final class PackWriter {
    private static let headerBytes = 12
    private static let bufferBytes = 256 * 1_024

    private let folder: String
    private let work: WorkSteps
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var flushed = 0
    private(set) var entries: [PackEntry] = []
    private var isFinished = false

    /// Begins a pack in the repository's folder of packs.
    init(folder: String, work: WorkSteps) throws(StorageError) {
        self.folder = folder
        self.work = work
        temporary = "\(folder)/tmp_pack_everlock_\(getpid())"
        descriptor = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o400)
        guard descriptor >= 0 else { throw StorageError(call: "open", path: temporary) }
        buffer = [UInt8](repeating: 0, count: Self.headerBytes)
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporary) }
    }

    /// Where the next entry begins, in bytes.
    var offset: Int { flushed + buffer.count }

    /// Adds an object.
    ///
    /// - Parameters:
    ///   - id: Its id.
    ///   - header: What ``PackHeader`` says of it.
    ///   - stream: Its bytes, or the delta's, deflated.
    /// - Throws: ``StorageError/full(_:)`` and other failures of writing.
    func append(_ id: ObjectID, header: [UInt8], stream: [UInt8]) throws(StorageError) {
        let crc32 = PackSum.crc32(of: stream, from: PackSum.crc32(of: header))
        entries.append(PackEntry(id: id, crc32: crc32, offset: offset))
        buffer += header
        buffer += stream
        if buffer.count >= Self.bufferBytes { try flushBuffer() }
    }

    /// Adds all entries of another pack as they are: their bases are named by distance, so that
    /// they stay right.
    func append(contentsOf pack: Pack) throws(StorageError) {
        let source = open(pack.path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw StorageError(call: "open", path: pack.path) }
        defer { close(source) }
        let shift = offset - Self.headerBytes
        entries += pack.entries.map {
            PackEntry(id: $0.id, crc32: $0.crc32, offset: $0.offset + shift)
        }
        var place = Self.headerBytes
        let end = pack.bytes - ObjectID.byteCount
        while place < end {
            let piece = try Self.read(source, at: place, count: min(Self.bufferBytes, end - place))
            guard !piece.isEmpty else { throw StorageError.damaged("\(pack.path) is cut off") }
            buffer += piece
            place += piece.count
            work.wentOn()
            if buffer.count >= Self.bufferBytes { try flushBuffer() }
        }
    }

    /// Ends the pack, puts it on disk and lets git see it.
    ///
    /// - Parameter keep: The text of a `.keep` file, which makes `git gc` leave the pack alone.
    /// - Returns: The pack.
    /// - Throws: ``StorageError/full(_:)`` and other failures of writing; then git sees nothing.
    func finish(keep: String?) throws(StorageError) -> Pack {
        try flushBuffer()
        var header = ByteWriter()
        header.append(Array("PACK".utf8))
        header.append(UInt32(2))
        header.append(UInt32(entries.count))
        try FileBytes.write(header.bytes, to: descriptor, at: 0, path: temporary)
        let sum = try self.sum()
        try FileBytes.write(sum.bytes, to: descriptor, at: flushed, path: temporary)
        guard fsync(descriptor) == 0 else { throw StorageError(call: "fsync", path: temporary) }
        entries.sort { $0.id.precedes($1.id) }
        let name = "pack-\(sum.hex)"
        try publish(as: name, index: PackIndex.encode(entries, pack: sum), keep: keep)
        try FileBytes.flushFolder(folder)
        return Pack(
            folder: folder,
            name: name,
            bytes: flushed + ObjectID.byteCount,
            entries: entries
        )
    }

    /// Puts the pack's files in place; where one cannot be, none stays.
    private func publish(as name: String, index: [UInt8], keep: String?) throws(StorageError) {
        let path = "\(folder)/\(name)"
        let temporaryIndex = "\(folder)/tmp_idx_everlock_\(getpid())"
        do throws(StorageError) {
            if let keep { try Self.writeFile(Array(keep.utf8), to: "\(path).keep") }
            try Self.writeFile(index, to: temporaryIndex)
            try Self.move(temporary, to: "\(path).pack")
            isFinished = true
            try Self.move(temporaryIndex, to: "\(path).idx")
        } catch {
            unlink(temporaryIndex)
            unlink("\(path).pack")
            unlink("\(path).keep")
            throw error
        }
    }

    /// The sum over the whole file, which is read once more: its head was not known before.
    private func sum() throws(StorageError) -> ObjectID {
        var hash = ObjectHash()
        var place = 0
        while place < flushed {
            let piece = try Self.read(
                descriptor,
                at: place,
                count: min(Self.bufferBytes, flushed - place)
            )
            guard !piece.isEmpty else { throw StorageError(call: "read", path: temporary) }
            piece.withUnsafeBytes { hash.update($0) }
            place += piece.count
            work.wentOn()
        }
        return hash.finish()
    }

    private func flushBuffer() throws(StorageError) {
        try FileBytes.write(buffer, to: descriptor, at: flushed, path: temporary)
        flushed += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    private static func read(
        _ descriptor: Int32,
        at place: Int,
        count: Int
    ) throws(StorageError) -> [UInt8] {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            result = pread(descriptor, buffer.baseAddress, count, off_t(place))
            filled = max(0, result)
        }
        guard result >= 0 else { throw StorageError(call: "read", path: "a pack") }
        return bytes
    }

    private static func writeFile(_ bytes: [UInt8], to path: String) throws(StorageError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o400)
        guard descriptor >= 0 else { throw StorageError(call: "open", path: path) }
        defer { close(descriptor) }
        do throws(StorageError) {
            try FileBytes.write(bytes, to: descriptor, at: 0, path: path)
            guard fsync(descriptor) == 0 else { throw StorageError(call: "fsync", path: path) }
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func move(_ from: String, to path: String) throws(StorageError) {
        guard rename(from, path) == 0 else { throw StorageError(call: "rename", path: path) }
    }
}
