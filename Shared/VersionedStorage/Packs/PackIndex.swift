/// The index of a pack, version 2 (gitformat-pack, "version 2 pack-*.idx").
enum PackIndex {
    static let magic = 0xFF74_4F63
    static let fanBytes = 8 + 256 * 4
    static let largeOffset = 0x8000_0000

    /// The index's bytes for entries sorted by id.
    static func encode(_ entries: [PackEntry], pack: ObjectID) -> [UInt8] {
        var index = ByteWriter()
        index.append(UInt32(magic))
        index.append(UInt32(2))
        var counted = 0
        for byte in 0..<256 {
            while counted < entries.count, Int(entries[counted].id.firstByte) <= byte {
                counted += 1
            }
            index.append(UInt32(counted))
        }
        for entry in entries { index.append(entry.id.bytes) }
        for entry in entries { index.append(entry.crc32) }
        var large: [UInt64] = []
        for entry in entries {
            if entry.offset < largeOffset {
                index.append(UInt32(entry.offset))
            } else {
                index.append(UInt32(largeOffset + large.count))
                large.append(UInt64(entry.offset))
            }
        }
        for offset in large { index.append(offset) }
        index.append(pack.bytes)
        var hash = ObjectHash()
        index.bytes.withUnsafeBytes { hash.update($0) }
        index.append(hash.finish().bytes)
        return index.bytes
    }

    /// Reads an index.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` where its sums do not hold.
    static func decode(_ bytes: [UInt8], of path: String) throws(StorageError) -> [PackEntry] {
        let damaged = StorageError.damaged("the index of \(path)")
        let trailer = 2 * ObjectID.byteCount
        guard bytes.count >= fanBytes + trailer, Int(word(bytes, 0)) == magic, word(bytes, 4) == 2
        else {
            throw damaged
        }
        let count = Int(word(bytes, fanBytes - 4))
        let ids = fanBytes
        let sums = ids + count * ObjectID.byteCount
        let offsets = sums + count * 4
        let large = offsets + count * 4
        guard large + trailer <= bytes.count else { throw damaged }
        var hash = ObjectHash()
        bytes[..<(bytes.count - ObjectID.byteCount)].withUnsafeBytes { hash.update($0) }
        guard hash.finish().bytes.elementsEqual(bytes.suffix(ObjectID.byteCount)) else {
            throw damaged
        }
        var entries: [PackEntry] = []
        entries.reserveCapacity(count)
        for number in 0..<count {
            let id = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map {
                    ObjectID(reading: $0 + ids + number * ObjectID.byteCount)
                }
            }
            var offset = Int(word(bytes, offsets + number * 4))
            if offset >= largeOffset {
                let place = large + (offset - largeOffset) * 8
                guard place + 8 + trailer <= bytes.count else { throw damaged }
                offset = Int(word(bytes, place)) << 32 | Int(word(bytes, place + 4))
            }
            guard let id else { throw damaged }
            entries.append(
                PackEntry(id: id, crc32: word(bytes, sums + number * 4), offset: offset)
            )
        }
        return entries
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        bytes[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
