internal import CLibCrypto

/// SHA-1 over bytes that come in pieces: object ids, and the sums at the end of packs.
///
/// For bytes that the store made itself, trees and commits, where speed counts: a tree is hashed
/// whole for every edit. Blobs are somebody else's bytes and go through
/// ``ObjectID/init(hashing:)``, which knows the signs of a forged collision.
///
/// By libcrypto's plain functions: asking for an algorithm by name starts its providers, which takes
/// two milliseconds and as many megabytes of every backend.
struct ObjectHash: ~Copyable {
    private var context = SHA_CTX()

    /// Begins a sum.
    init() { SHA1_Init(&context) }

    /// Adds bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA1_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// The sum of all that was added; nothing can be added after.
    mutating func finish() -> ObjectID {
        withUnsafeTemporaryAllocation(
            of: UInt8.self,
            capacity: ObjectID.byteCount
        ) { sum in
            SHA1_Final(sum.baseAddress, &context)
            guard let base = sum.baseAddress else { preconditionFailure("a sum has bytes") }
            return ObjectID(reading: base)
        }
    }

    /// The id of an object that the store made itself.
    static func id(of bytes: [UInt8], _ kind: ObjectKind) -> ObjectID {
        var hash = ObjectHash()
        let header = Array("\(kind.name) \(bytes.count)\0".utf8)
        header.withUnsafeBytes { hash.update($0) }
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }
}
