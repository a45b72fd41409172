internal import VersionedStorage

/// What a client has to learn to follow a book.
public struct SyncChanges: Sendable {
    /// Cards that are new or changed, and cards that are gone (`etag` is `nil`), by name.
    public let cards: [(name: CardName, etag: ContentID?)]
    /// Where the client stands when it has learnt them.
    public let position: SyncPosition
    /// Whether there is more to learn from that position at once.
    public let isTruncated: Bool
}

extension AddressBookStore {
    /// What changed in a book since a position.
    ///
    /// A walk that is cut by the limit goes on against the commit it began with, so that writers
    /// meanwhile neither hide a card nor show one twice; what they did comes with the next walk.
    ///
    /// Every card that was touched is told, even one that is again as it was, and one that came and
    /// went as gone: the client may have seen it in between (RFC 6578 §3.5.1, §3.5.2). A file that
    /// is no card counts as gone.
    ///
    /// - Parameters:
    ///   - book: The book, as of now.
    ///   - position: Where the client stands; `nil` for a client that knows nothing yet.
    ///   - limit: The most cards to tell at once.
    /// - Returns: The changes, or `nil` where the position is none of this book's.
    /// - Throws: ``AddressBookError/storage(_:)``.
    public func changes(
        in book: Book,
        since position: SyncPosition?,
        limit: Int?
    ) throws(AddressBookError) -> SyncChanges? {
        do throws(StorageError) {
            return try page(of: book, since: position, limit: limit ?? .max)
        } catch {
            throw AddressBookError(error)
        }
    }

    private func page(
        of book: Book,
        since position: SyncPosition?,
        limit: Int
    ) throws(StorageError) -> SyncChanges? {
        let target = position.flatMap { $0.partial == nil ? nil : $0.commit } ?? book.lastChange
        let after = position?.partial?.after
        guard let base = position.flatMap({ $0.partial == nil ? $0.commit : $0.partial?.base })
        else {
            guard let tree = try tree(of: book, at: target) else { return nil }
            return listing(of: tree, in: book, to: SyncPage(target, base: nil, limit), after)
        }
        let page = SyncPage(target, base: base, limit)
        if base == target, target == book.lastChange { return page.changes }
        guard let touched = try touched(in: book, from: base, to: target) else { return nil }
        return told(touched, of: book, in: page, after)
    }

    /// A page of all cards of a tree; costs what is told, wherever the page begins.
    private func listing(
        of tree: Tree,
        in book: Book,
        to page: SyncPage,
        _ after: CardName?
    ) -> SyncChanges {
        var page = page
        let isCurrent = page.target == book.lastChange
        for place in (after.map { tree.position(behind: $0.text) } ?? 0)..<tree.count {
            if isCurrent, book.folder.key(at: place) == CardKey.none { continue }
            let entry = tree.entry(at: place)
            guard Book.canHold(entry, in: tree),
                isCurrent || isCard(entry.id, named: entry.name, in: book)
            else { continue }
            guard page.add(entry.name, entry.id) else { break }
        }
        return page.changes
    }

    /// A page of what was touched.
    private func told(
        _ touched: [TreeChange],
        of book: Book,
        in page: SyncPage,
        _ after: CardName?
    ) -> SyncChanges {
        var page = page
        for change in touched where change.isFile && change.isText && Book.canHold(change.name) {
            if let after, !after.text.utf8.lexicographicallyPrecedes(change.name.utf8) { continue }
            let card = change.after.flatMap { id in
                isCard(id, named: change.name, in: book) ? id : nil
            }
            guard page.add(change.name, card) else { break }
        }
        return page.changes
    }

    /// Whether a file is a card that listings show: known where the book has it as it is, read where
    /// the book has changed since.
    private func isCard(_ id: ObjectID, named name: String, in book: Book) -> Bool {
        let tree = book.folder.tree
        if let place = tree.index(of: name), tree.entry(at: place).id == id {
            return book.folder.key(at: place) != CardKey.none
        }
        do throws(StorageError) {
            return CardKey.key(of: try store.blob(id, limit: Self.maximumCardBytes)) != CardKey.none
        } catch {
            return false
        }
    }

    /// What was touched between two commits of a book's history; `nil` where one is not of it, or is
    /// of another book that bore its name before.
    private func touched(
        in book: Book,
        from base: Revision,
        to target: Revision
    ) throws(StorageError) -> [TreeChange]? {
        let changes = try history.changes(
            in: book.folder.name,
            from: base.commit,
            to: target.commit,
            before: store.snapshot
        )
        guard let changes else { return nil }
        if target == book.lastChange {
            guard isSameBook(book, before: changes) else { return nil }
        } else {
            guard try tree(of: book, at: base) != nil else { return nil }
        }
        return changes
    }

    /// Whether a book was the same before some changes that led to how it is now.
    private func isSameBook(_ book: Book, before changes: [TreeChange]) -> Bool {
        guard let change = changes.first(where: { $0.name == Book.configFile }) else { return true }
        return readProperties(change.before, book.name).id == book.properties.id
    }

    /// What the book held at a commit; `nil` where the commit is not of this book's history, or of
    /// another book that bore its name before.
    private func tree(of book: Book, at commit: Revision) throws(StorageError) -> Tree? {
        if commit == book.lastChange { return book.folder.tree }
        let tree = try history.tree(
            of: book.folder.name,
            changedBy: commit.commit,
            before: store.snapshot
        )
        guard let tree else { return nil }
        return readProperties(tree, book.name).id == book.properties.id ? tree : nil
    }
}

/// One page of a walk, as it fills.
private struct SyncPage {
    let target: Revision
    private let base: Revision?
    private let limit: Int
    private var cards: [(name: CardName, etag: ContentID?)] = []
    private var isTruncated = false

    init(_ target: Revision, base: Revision?, _ limit: Int) {
        self.target = target
        self.base = base
        self.limit = limit
    }

    /// Takes a card, gone where it has no id; false where the page is full.
    mutating func add(_ name: String, _ id: ObjectID?) -> Bool {
        guard cards.count < limit else {
            isTruncated = true
            return false
        }
        cards.append((CardName(held: name), id.map { ContentID($0) }))
        return true
    }

    var changes: SyncChanges {
        var partial: SyncPosition.Partial?
        if isTruncated, let last = cards.last {
            partial = SyncPosition.Partial(base: base, after: last.name)
        }
        return SyncChanges(
            cards: cards,
            position: SyncPosition(commit: target, partial: partial),
            isTruncated: isTruncated
        )
    }
}
