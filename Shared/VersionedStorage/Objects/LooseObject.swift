internal import CZlib

#if canImport(Glibc)
    import Glibc
#endif

/// An object in a file of its own, as stock git leaves it: pushes of a few objects, old stores.
///
/// Read here and not by libgit2, which never comes back from a file that is cut off.
struct LooseObject {
    /// The kind and size that the head of the file tells.
    struct Head: Equatable {
        let kind: ObjectKind
        let size: Int
    }

    /// The largest object that is read, in bytes.
    static let maximumBytes = 1 << 30
    /// The bytes that the head takes at the most: a kind, a number, a NUL.
    private static let maximumHeadBytes = 32

    private let path: String

    /// The place of an object; whether it is there is seen by reading.
    init(_ id: ObjectID, in objects: String) {
        let hex = id.hex
        path = "\(objects)/\(hex.prefix(2))/\(hex.dropFirst(2))"
    }

    /// Whether the object has a file.
    var exists: Bool { access(path, F_OK) == 0 }

    /// Reads the head alone; `nil` where there is no such file.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` for a file that is no object.
    func head() throws(StorageError) -> Head? {
        guard let file = try file() else { return nil }
        let start = try inflate(file, limit: Self.maximumHeadBytes, isWhole: false)
        return try split(start).head
    }

    /// Reads the object; `nil` where there is no such file.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` for a file that is no object or is cut off.
    func read() throws(StorageError) -> (kind: ObjectKind, bytes: [UInt8])? {
        guard let file = try file() else { return nil }
        let start = try inflate(file, limit: Self.maximumHeadBytes, isWhole: false)
        let (head, length) = try split(start)
        guard head.size <= Self.maximumBytes else { throw damaged }
        let whole = try inflate(file, limit: length + head.size, isWhole: true)
        return (head.kind, Array(whole[length...]))
    }

    private var damaged: StorageError { .damaged("\(path) is no object, or is cut off") }

    private func file() throws(StorageError) -> [UInt8]? {
        do throws(StorageError) {
            return try FileBytes.read(path)
        } catch .system(_, _, ENOENT) {
            return nil
        }
    }

    private func split(_ start: [UInt8]) throws(StorageError) -> (head: Head, length: Int) {
        guard let end = start.firstIndex(of: 0) else { throw damaged }
        let words = start[..<end].split(separator: 0x20)
        guard words.count == 2,
            let kind = ObjectKind(name: String(decoding: words[0], as: UTF8.self)),
            let size = Int(String(decoding: words[1], as: UTF8.self)), size >= 0
        else { throw damaged }
        return (Head(kind: kind, size: size), end + 1)
    }

    /// Inflates the first bytes of a stream; all that there must be, or no more than there are.
    private func inflate(
        _ file: [UInt8],
        limit: Int,
        isWhole: Bool
    ) throws(StorageError) -> [UInt8] {
        var stream = z_stream()
        guard everlock_inflate_init(&stream) == Z_OK else {
            throw StorageError.full("no memory for zlib")
        }
        defer { inflateEnd(&stream) }
        var result: Int32 = Z_OK
        let bytes = file.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: limit) { output, count in
                // zlib reads through this pointer and does not write.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(clamping: input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: limit)
                result = CZlib.inflate(&stream, Z_SYNC_FLUSH)
                count = limit - Int(stream.avail_out)
            }
        }
        let isSound = result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR
        guard isSound, !isWhole || bytes.count == limit else { throw damaged }
        return bytes
    }
}
