internal import VCard

extension AddressBookStore {
    /// The card that one is about to replace, where something of it might be lost by that.
    func storedCard(
        _ name: CardName,
        in book: BookName,
        replacedBy card: Card
    ) throws -> StoredCard? {
        guard card.effectiveVersion != .v4_0, let held = self.book(book)?.card(named: name) else {
            return nil
        }
        return StoredCard(held.etag, try bytes(of: held))
    }

    /// What is stored for a card that replaces another: its bytes, or these with what its writer
    /// cannot have seen.
    ///
    /// - Parameters:
    ///   - bytes: The card's bytes, its UID among them.
    ///   - card: The card as it came.
    ///   - etag: The card that is replaced, as it is now; `nil` where there is none.
    ///   - before: That card as it was read before; read again where it has changed since.
    /// - Returns: The bytes to store.
    /// - Throws: ``AddressBookError/tooLarge(limit:)`` where both together are larger than a card
    ///   may be.
    func merged(
        _ bytes: [UInt8],
        of card: Card,
        over etag: ContentID?,
        _ before: StoredCard?
    ) throws -> [UInt8] {
        guard let etag, card.effectiveVersion != .v4_0 else { return bytes }
        var stored = before
        if stored?.etag != etag {
            let held = Book.CardEntry(name: CardName(held: ""), etag: etag)
            stored = StoredCard(etag, try self.bytes(of: held))
        }
        guard let other = stored?.card else { return bytes }
        let whole = card.bytes == bytes ? card : try parse(bytes)
        guard let merged = whole.keepingUnseen(of: other) else { return bytes }
        guard merged.count <= Self.maximumCardBytes else {
            throw AddressBookError.tooLarge(limit: Self.maximumCardBytes)
        }
        return merged
    }
}
