internal import CLibCrypto

/// SHA-1 over bytes that come in pieces: object ids, and the sums at the end of packs.
///
/// For bytes that the store made itself, trees and commits, where speed counts: a tree is hashed
/// whole for every edit. Blobs are somebody else's bytes and go through
/// ``ObjectID/init(hashing:)``, which knows the signs of a forged collision.
struct ObjectHash: ~Copyable {
    // Looked up once: finding an algorithm by name costs more than hashing a small object.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA1", nil)

    private let context: OpaquePointer?

    /// Begins a sum.
    init() {
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex2(context, Self.algorithm, nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The sum of all that was added; nothing can be added after.
    func finish() -> ObjectID {
        withUnsafeTemporaryAllocation(byteCount: ObjectID.byteCount, alignment: 8) { sum in
            EVP_DigestFinal_ex(context, sum.baseAddress, nil)
            guard let base = sum.baseAddress else { preconditionFailure("a sum has bytes") }
            return ObjectID(reading: base)
        }
    }

    /// The id of an object that the store made itself.
    static func id(of bytes: [UInt8], _ kind: ObjectKind) -> ObjectID {
        let hash = ObjectHash()
        let header = Array("\(kind.name) \(bytes.count)\0".utf8)
        header.withUnsafeBytes { hash.update($0) }
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }
}
