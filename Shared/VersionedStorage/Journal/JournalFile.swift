internal import CZlib

#if canImport(Glibc)
    import Glibc
#endif

/// One of the journal's two files: a header, then records one after the other.
///
/// ```
/// header   "EVLJRNL1" | sequence 8 | salt 4 | crc-32 of these 4     (twice, in a page of its own)
/// record   "EVRC" | bytes 4 | crc-32 of salt, place and payload 4 | salt 4 | payload | 0 to 7 zeros
/// ```
///
/// The space is written with zeros beforehand, so that a flush has only data to write, and is used
/// again and again: the salt, new with each use, tells this use's records from those before.
final class JournalFile {
    /// The bytes that a file takes from the start, and is cut back to after a long use.
    static let preallocatedBytes = 1 << 20
    /// The largest record, in bytes: the largest change that is one commit.
    static let maximumRecordBytes = 1 << 30

    static let pageBytes = 4_096
    private static let magic = Array("EVLJRNL1".utf8)
    private static let recordMagic = Array("EVRC".utf8)
    private static let recordHeaderBytes = 16
    private static let secondHeader = 2_048

    let path: String
    private let descriptor: Int32
    /// Which use of the journal's files this is; the higher is the later.
    private(set) var sequence: UInt64 = 0
    private var salt: UInt32 = 0
    /// Where the next record goes.
    private(set) var end = pageBytes

    /// Opens a journal file, or makes it and its space.
    init(path: String) throws(StorageError) {
        self.path = path
        let isNew = access(path, F_OK) != 0
        // A file bears its name once it has all its space: a shorter one has lost something.
        let made = isNew ? "\(path).new" : path
        descriptor = open(made, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(call: "open", path: made) }
        if isNew {
            do throws(StorageError) {
                try writeAll([UInt8](repeating: 0, count: Self.preallocatedBytes), at: 0)
                guard fsync(descriptor) == 0 else { throw StorageError(call: "fsync", path: path) }
                guard rename(made, path) == 0 else {
                    throw StorageError(call: "rename", path: path)
                }
            } catch {
                // The descriptor is closed by `deinit`, which runs now that all is set.
                unlink(made)
                throw error
            }
        }
    }

    deinit { close(descriptor) }

    /// Begins a new use of the file. It is flushed with the first record.
    func begin(sequence: UInt64) throws(StorageError) {
        var size = stat()
        if fstat(descriptor, &size) == 0, Int(size.st_size) > 4 * Self.preallocatedBytes {
            // The space is not needed any more; what happens if it stays is no harm.
            _ = ftruncate(descriptor, off_t(Self.preallocatedBytes))
        }
        self.sequence = sequence
        salt = UInt32.random(in: .min ... .max)
        end = Self.pageBytes
        var header = ByteWriter()
        header.append(Self.magic)
        header.append(sequence)
        header.append(salt)
        header.append(Self.sum(header.bytes))
        try writeAll(header.bytes, at: 0)
        try writeAll(header.bytes, at: Self.secondHeader)
    }

    /// Forgets what the file holds: all of it is in git. Not flushed, since nothing depends on it.
    func forget() {
        let zeros = [UInt8](repeating: 0, count: 24)
        for place in [0, Self.secondHeader] {
            _ = pwrite(descriptor, zeros, zeros.count, off_t(place))
        }
    }

    /// Adds records; they are on disk after ``flush()``.
    func append(_ payloads: [[UInt8]]) throws(StorageError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payloads.reduce(0) { $0 + $1.count + 32 })
        for payload in payloads {
            guard payload.count <= Self.maximumRecordBytes else {
                throw StorageError.tooLarge(bytes: payload.count, limit: Self.maximumRecordBytes)
            }
            var header = ByteWriter()
            header.append(Self.recordMagic)
            header.append(UInt32(payload.count))
            header.append(sum(payload[...], at: end + bytes.count))
            header.append(salt)
            bytes += header.bytes
            bytes += payload
            bytes += [UInt8](repeating: 0, count: Self.padding(payload.count))
        }
        do throws(StorageError) {
            try writeAll(bytes, at: end)
        } catch {
            // What was written of them must not be read as a record later.
            _ = pwrite(descriptor, [UInt8](repeating: 0, count: 16), 16, off_t(end))
            throw error
        }
        end += bytes.count
    }

    /// Puts what was added on disk.
    func flush() throws(StorageError) {
        guard fdatasync(descriptor) == 0 else { throw StorageError(call: "fdatasync", path: path) }
    }

    /// Takes back what was added after a place and did not reach the disk.
    func truncate(to place: Int) {
        end = place
        _ = pwrite(descriptor, [UInt8](repeating: 0, count: 16), 16, off_t(place))
    }

    /// What a file holds.
    struct Contents {
        /// The records, in order.
        var records: [JournalRecord] = []
        /// What is wrong with the file, if anything.
        var damage: String?
    }

    /// Reads the file's last use.
    ///
    /// A record that cannot be read ends the file, unless a whole one comes behind it: then the file
    /// is damaged, and what can be read is given all the same.
    func read() throws(StorageError) -> Contents {
        let bytes = try FileBytes.read(path)
        var contents = Contents()
        if bytes.count < Self.preallocatedBytes {
            contents.damage = "\(path): the file ends early, at byte \(bytes.count)"
        }
        guard bytes.prefix(Self.pageBytes).contains(where: { $0 != 0 }) else { return contents }
        guard bytes.count >= Self.pageBytes,
            readHeader(bytes, at: 0) || readHeader(bytes, at: Self.secondHeader)
        else {
            contents.damage = "\(path): its header cannot be read"
            return contents
        }
        var place = Self.pageBytes
        while let next = nextRecord(bytes, from: place) {
            if next.place != place, contents.damage == nil {
                contents.damage = "\(path): the record at byte \(place) cannot be read"
            }
            contents.records.append(next.record)
            place = next.end
        }
        end = place
        if contents.damage == nil { contents.damage = damageAtEnd(bytes) }
        return contents
    }

    /// What is wrong behind the last record that can be read: a piece of another, as a power cut in
    /// the middle of a write leaves it as well.
    private func damageAtEnd(_ bytes: [UInt8]) -> String? {
        guard end + Self.recordHeaderBytes <= bytes.count else { return nil }
        var reader = ByteReader(bytes[(end + 12)..<(end + 16)])
        do throws(StorageError) {
            guard try reader.word() == salt else { return nil }
            return "\(path): the record at byte \(end), the last, cannot be read"
        } catch {
            return nil
        }
    }

    private func readHeader(_ bytes: [UInt8], at place: Int) -> Bool {
        guard bytes[place...].starts(with: Self.magic) else { return false }
        var reader = ByteReader(bytes[(place + 8)..<(place + 24)])
        do throws(StorageError) {
            sequence = try reader.double()
            salt = try reader.word()
            return try reader.word() == Self.sum(Array(bytes[place..<(place + 20)]))
        } catch {
            return false
        }
    }

    /// The first whole record at or behind a place; records begin at multiples of eight.
    private func nextRecord(
        _ bytes: [UInt8],
        from start: Int
    ) -> (record: JournalRecord, place: Int, end: Int)? {
        var place = start
        while place + Self.recordHeaderBytes <= bytes.count {
            if let (record, end) = record(bytes, at: place) { return (record, place, end) }
            place += 8
        }
        return nil
    }

    private func record(_ bytes: [UInt8], at place: Int) -> (JournalRecord, Int)? {
        let start = place + Self.recordHeaderBytes
        guard bytes[place] == Self.recordMagic[0],
            bytes[place..<(place + 4)].elementsEqual(Self.recordMagic)
        else { return nil }
        do throws(StorageError) {
            var reader = ByteReader(bytes[(place + 4)..<start])
            let count = Int(try reader.word())
            let expected = try reader.word()
            guard count <= bytes.count - start else { return nil }
            let payload = bytes[start..<(start + count)]
            guard sum(payload, at: place) == expected else { return nil }
            return (try JournalRecord(decoding: payload), start + count + Self.padding(count))
        } catch {
            return nil
        }
    }

    private func sum(_ payload: ArraySlice<UInt8>, at place: Int) -> UInt32 {
        var seed = ByteWriter()
        seed.append(salt)
        seed.append(UInt64(place))
        return Self.sum(payload, from: Self.sum(seed.bytes))
    }

    private static func sum(_ bytes: [UInt8]) -> UInt32 { sum(bytes[...], from: 0) }

    private static func sum(_ bytes: ArraySlice<UInt8>, from start: UInt32) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            UInt32(
                truncatingIfNeeded: crc32_z(UInt(start), buffer.baseAddress, buffer.count)
            )
        }
    }

    private static func padding(_ count: Int) -> Int { (8 - count % 8) % 8 }

    private func writeAll(_ bytes: [UInt8], at place: Int) throws(StorageError) {
        try FileBytes.write(bytes, to: descriptor, at: place, path: path)
    }
}
