internal import VCard
internal import VersionedStorage

/// What a write of a card did.
public struct Stored: Sendable, Equatable {
    /// The card's place now.
    public let card: Book.CardEntry
    /// Whether the name was free before.
    public let isNew: Bool
    /// Whether the bytes stored are those given: false where a UID was put in, or properties of
    /// the card before were kept.
    public let keptBytes: Bool
}

extension AddressBookStore {
    /// Stores a card under the name that a client chose.
    ///
    /// - Parameters:
    ///   - bytes: The card; a missing UID is put in, nothing else is touched, but that a card of
    ///     version 3.0 over one of 4.0 is stored as 4.0 where the latter has properties that the
    ///     writer cannot have seen (``VCard/Card/keepingUnseen(of:)``).
    ///   - name: Its name, new or taken.
    ///   - book: Its book.
    ///   - author: Who stores it.
    ///   - condition: Called when the write is due; what it throws ends it. The check and the write
    ///     are one step.
    /// - Returns: What was done.
    /// - Throws: ``AddressBookError``, or what the condition threw.
    public func put(
        _ bytes: [UInt8],
        as name: CardName,
        in book: BookName,
        by author: Author,
        if condition: (StoreState) throws -> Void = { _ in }
    ) throws -> Stored {
        let card = try parse(bytes)
        let before = try storedCard(name, in: book, replacedBy: card)
        return try commit { transaction in
            let folder = try self.folder(book, in: transaction.snapshot)
            try condition(StoreState(self, transaction.snapshot))
            let held = folder.tree.entry(named: name.text)
            let uid = try checkUID(of: card, as: name.text, in: folder)
            let whole = card.uid == nil ? card.adding(uid: uid) : bytes
            let kept = try merged(whole, of: card, over: held.map { ContentID($0.id) }, before)
            let key = CardKey.key(of: uid)
            let etag = try transaction.write(kept, to: name.text, in: book.text, key: key)
            transaction.describe(author.message("PUT \(book)/\(name)"))
            return Stored(
                card: Book.CardEntry(name: name, etag: ContentID(etag)),
                isNew: held == nil,
                keptBytes: kept == bytes
            )
        }
    }

    /// Stores a card under a readable name of the server's choice, made of the card's own.
    ///
    /// - Throws: ``AddressBookError``, or what the condition threw.
    public func add(
        _ bytes: [UInt8],
        to book: BookName,
        by author: Author,
        if condition: (StoreState) throws -> Void = { _ in }
    ) throws -> Stored {
        let card = try parse(bytes)
        return try commit { transaction in
            let folder = try self.folder(book, in: transaction.snapshot)
            try condition(StoreState(self, transaction.snapshot))
            let uid = try checkUID(of: card, as: nil, in: folder)
            let name = Naming.free(stem: Self.stem(for: card)) {
                folder.tree.entry(named: $0) != nil
            }
            let kept = card.uid == nil ? card.adding(uid: uid) : bytes
            let key = CardKey.key(of: uid)
            let etag = try transaction.write(kept, to: name, in: book.text, key: key)
            transaction.describe(author.message("POST \(book)/\(name)"))
            return Stored(
                card: Book.CardEntry(name: CardName(held: name), etag: ContentID(etag)),
                isNew: true,
                keptBytes: card.uid != nil
            )
        }
    }

    /// Deletes a card.
    ///
    /// - Throws: ``AddressBookError``, or what the condition threw.
    public func delete(
        _ name: CardName,
        in book: BookName,
        by author: Author,
        if condition: (StoreState) throws -> Void = { _ in }
    ) throws {
        try commit { transaction in
            let folder = try self.folder(book, in: transaction.snapshot)
            try condition(StoreState(self, transaction.snapshot))
            let held = folder.tree.entry(named: name.text)
            guard held != nil else { throw AddressBookError.noSuchCard(name) }
            transaction.remove(name.text, in: book.text)
            transaction.describe(author.message("DELETE \(book)/\(name)"))
        }
    }

    func commit<Value>(_ body: (inout Transaction) throws -> Value) throws -> Value {
        do {
            return try store.commit(body).value
        } catch let error as StorageError {
            throw AddressBookError(error)
        }
    }

    func parse(_ bytes: [UInt8]) throws(AddressBookError) -> Card {
        guard bytes.count <= Self.maximumCardBytes else {
            throw AddressBookError.tooLarge(limit: Self.maximumCardBytes)
        }
        do throws(CardError) {
            return try Card(parsing: bytes)
        } catch {
            throw AddressBookError.notACard(error)
        }
    }

    func folder(_ book: BookName, in snapshot: Snapshot) throws(AddressBookError) -> Folder {
        guard let folder = snapshot.folders[book.text] else {
            throw AddressBookError.noSuchBook(book)
        }
        return folder
    }

    /// The UID that a card will have, after the check that it may have it.
    ///
    /// A card without one keeps that of the card it replaces, or gets a new one.
    private func checkUID(
        of card: Card,
        as name: String?,
        in folder: Folder
    ) throws(AddressBookError) -> UID {
        let position = name.flatMap { folder.tree.index(of: $0) }
        guard let uid = card.uid else {
            return position.flatMap { self.uid(at: $0, of: folder) } ?? UID.random()
        }
        let key = CardKey.key(of: uid)
        if let position, folder.key(at: position) > CardKey.withoutUID,
            folder.key(at: position) != key, let name
        {
            throw AddressBookError.uidConflict(holder: CardName(held: name))
        }
        if let holder = holder(of: uid, key, in: folder, except: position) {
            throw AddressBookError.uidConflict(holder: CardName(held: holder))
        }
        return uid
    }

    /// The card of a folder that has a UID, other than the one at a position.
    func holder(
        of uid: UID,
        _ key: UInt64,
        in folder: Folder,
        except position: Int? = nil
    ) -> String? {
        for index in folder.indices(ofKey: key) where index != position {
            if self.uid(at: index, of: folder) == uid { return folder.tree.entry(at: index).name }
        }
        return nil
    }

    /// The UID of a card, read from its bytes; `nil` where they cannot be read or have none.
    func uid(at position: Int, of folder: Folder) -> UID? {
        do {
            let id = folder.tree.entry(at: position).id
            return try Card(parsing: store.blob(id, limit: Self.maximumCardBytes)).uid
        } catch {
            return nil
        }
    }

    /// The readable part of a name for a card.
    static func stem(for card: Card) -> String {
        let texts = [card.formattedName, card.uid?.text].compactMap { $0 }
        return texts.lazy.compactMap { Slug.of($0) }.first ?? "contact"
    }
}

extension UID {
    /// A new UID: a random UUID (RFC 9562 §5.4) as text.
    static func random() -> UID {
        let text = RandomUUID.text()
        guard let uid = UID(text) else { preconditionFailure("a UUID is not empty") }
        return uid
    }
}

/// UUIDs of version 4 (RFC 9562 §5.4), as text.
enum RandomUUID {
    static func text() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = hex(high) + hex(low)
        var text = ""
        for (position, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(position) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
