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

        /// Joins a name and the id of the bytes that it stands for.
        public init(name: CardName, etag: ContentID) {
            self.name = name
            self.etag = etag
        }
    }

    /// The cards, in the order of their names' bytes.
    public var cards: Cards { Cards(folder: folder) }

    /// A card by its name, if the book has it.
    public func card(named name: CardName) -> CardEntry? {
        guard let entry = folder.tree.entry(named: name.text) else { return nil }
        return Cards.card(entry)
    }

    /// Walks a book's cards without making a list of them.
    public struct Cards: Sequence, Sendable {
        let folder: Folder

        /// Begins at the first card.
        public func makeIterator() -> Iterator { Iterator(tree: folder.tree, position: 0) }

        static func card(_ entry: Tree.Entry) -> CardEntry? {
            guard entry.kind == .file, entry.name != Book.configFile,
                !entry.name.hasPrefix(".")
            else { return nil }
            return CardEntry(name: CardName(held: entry.name), etag: ContentID(entry.id))
        }

        /// One walk.
        public struct Iterator: IteratorProtocol {
            let tree: Tree
            var position: Int

            /// The next card.
            public mutating func next() -> CardEntry? {
                while position < tree.count {
                    let entry = tree.entry(at: position)
                    position += 1
                    if let card = Cards.card(entry) { return card }
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
