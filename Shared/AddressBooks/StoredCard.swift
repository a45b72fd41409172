internal import VCard

/// The card that a write is about to replace, read before the write's turn comes: others that write
/// do not wait for the reading.
struct StoredCard {
    /// Which bytes were read.
    let etag: ContentID
    /// The card, where it is of version 4.0: of any other nothing can be lost.
    let card: Card?

    /// Reads bytes; of a card that is not of version 4.0 no more than the line that says so.
    init(_ etag: ContentID, _ bytes: [UInt8]) {
        self.etag = etag
        guard CardVersion.declared(in: bytes) == .v4_0 else {
            card = nil
            return
        }
        do {
            card = try Card(parsing: bytes)
        } catch {
            // What cannot be read has nothing that could be kept.
            card = nil
        }
    }
}
