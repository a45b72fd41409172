internal import VersionedStorage

/// One address book as it stood at a commit; it never changes.
public struct Book: Sendable {
    /// The file of a book's folder that holds its properties and is no card.
    public static let configFile = "config.toml"

    /// The book's name in its URL.
    public let name: BookName
    /// What the book says of itself.
    public let properties: BookProperties
    let folder: Folder

    /// The last commit that changed the book: what its sync token names.
    public var lastChange: Revision { Revision(folder.lastChange) }

    /// The id of the book's content: what changes with every change of the book (`getctag`).
    public var contentID: ContentID { ContentID(folder.treeID) }

    /// Whether a file of the book's folder may be a card by its name: others may have put there what
    /// no URL can name.
    static func canHold(_ name: String) -> Bool {
        name != configFile && Naming.isUsable(name, maximumBytes: CardName.maximumBytes)
    }

    /// Whether an entry of a tree may be a card by its name and kind.
    static func canHold(_ entry: Tree.Entry, in tree: Tree) -> Bool {
        guard entry.kind == .file, canHold(entry.name) else { return false }
        // A name that is not UTF-8 reads with U+FFFD in it, and its text finds nothing.
        return !entry.name.utf8.contains(0xEF) || tree.index(of: entry.name) != nil
    }

    /// What to show as the book's name, never empty: some clients hide a book without.
    public var displayName: String {
        if let name = properties.displayName, !name.isEmpty { return name }
        return name == .standard ? "Contacts" : name.text
    }

    /// A card's place in the book: its name and its bytes' id.
    public struct CardEntry: Sendable, Equatable {
        /// The card's name in its URL.
        public let name: CardName
        /// The id of the card's bytes: its ETag.
        public let etag: ContentID

        /// Where the card stood in the tree it was read from, if it was.
        fileprivate var position: Int?

        /// Joins a name and the id of the bytes that it stands for.
        public init(name: CardName, etag: ContentID) {
            self.name = name
            self.etag = etag
        }

        /// Whether both are the same bytes under the same name.
        public static func == (left: CardEntry, right: CardEntry) -> Bool {
            left.name == right.name && left.etag == right.etag
        }
    }

    /// The cards, in the order of their names' bytes.
    public var cards: Cards { Cards(folder: folder) }

    /// A card by its name, if the book has it.
    public func card(named name: CardName) -> CardEntry? {
        folder.tree.index(of: name.text).flatMap { Cards.card(at: $0, of: folder) }
    }

    /// The number of a card's bytes; `nil` for a card that the book does not have.
    public func size(of card: CardEntry) -> Int? {
        position(of: card).map { folder.size(at: $0) }
    }

    /// Where a card stands in the book's tree.
    func position(of card: CardEntry) -> Int? {
        if let position = card.position, position < folder.tree.count,
            folder.tree.entry(at: position).name.utf8.elementsEqual(card.name.text.utf8)
        {
            return position
        }
        return folder.tree.index(of: card.name.text)
    }

    /// Walks a book's cards without making a list of them.
    public struct Cards: Sequence, Sendable {
        let folder: Folder

        /// Begins at the first card.
        public func makeIterator() -> Iterator { Iterator(folder: folder, position: 0) }

        /// The card at a position of a folder's tree; what is no card, and what cannot be read as
        /// one, hides itself and nothing else.
        static func card(at position: Int, of folder: Folder) -> CardEntry? {
            guard folder.key(at: position) != CardKey.none else { return nil }
            let entry = folder.tree.entry(at: position)
            guard Book.canHold(entry, in: folder.tree) else { return nil }
            var card = CardEntry(name: CardName(held: entry.name), etag: ContentID(entry.id))
            card.position = position
            return card
        }

        /// One walk.
        public struct Iterator: IteratorProtocol {
            let folder: Folder
            var position: Int

            /// The next card.
            public mutating func next() -> CardEntry? {
                while position < folder.tree.count {
                    defer { position += 1 }
                    if let card = Cards.card(at: position, of: folder) { return card }
                }
                return nil
            }
        }
    }
}

/// All books of an instance as they stood at one commit.
public struct Home: Sendable {
    /// The books, the default one first: macOS shows only the first of a home.
    public let books: [Book]

    /// A book by its name.
    public func book(_ name: BookName) -> Book? {
        books.first { $0.name == name }
    }
}
