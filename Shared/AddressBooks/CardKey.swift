internal import VCard

/// The number under which the store's index has a card: made of its UID, so that a card with a UID is
/// found without reading the book.
///
/// Different UIDs may share a key, so whatever is found is compared by its UID.
enum CardKey {
    /// What is no card: it is not listed.
    static let none: UInt64 = 0
    /// A card without a UID.
    static let withoutUID: UInt64 = 1

    /// The key of a file's content.
    @Sendable static func key(of bytes: [UInt8]) -> UInt64 {
        do throws(CardError) {
            return key(of: try Card(parsing: bytes).uid)
        } catch {
            return none
        }
    }

    /// The key of a card with this UID: 64-bit FNV-1a of what UIDs are compared by.
    static func key(of uid: UID?) -> UInt64 {
        guard let uid else { return withoutUID }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in uid.comparable.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return max(hash, withoutUID + 1)
    }
}
