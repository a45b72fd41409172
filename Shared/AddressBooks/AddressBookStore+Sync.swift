internal import VersionedStorage

/// Where a client's copy of a book stands: what a sync token carries (RFC 6578 §4).
///
/// A token names commits of the store, so that it is never forgotten: a copy that is whole stands
/// at the last commit that changed the book; one that was told only a part also says how far it got.
public struct SyncPosition: Sendable, Equatable {
    /// A walk from one state to another that has not reached its end.
    public struct Partial: Sendable, Equatable {
        /// The state the walk began from; `nil` where it began from nothing.
        public let base: Revision?
        /// The last card that was told.
        public let after: CardName

        /// Says how far a walk got.
        public init(base: Revision?, after: CardName) {
            self.base = base
            self.after = after
        }
    }

    /// The commit that the copy stands at, or that the walk leads to.
    public let commit: Revision
    /// What of the walk is done, where it is not all.
    public let partial: Partial?

    /// Names a position.
    public init(commit: Revision, partial: Partial? = nil) {
        self.commit = commit
        self.partial = partial
    }
}

extension SyncPosition {
    /// The longest text of a position, in bytes.
    public static let maximumTextBytes = 1_024

    /// The position as text: `<commit>`, or `<commit>/<base>/<name in hexadecimal>` for a walk that
    /// has not reached its end, with `-` for a base of nothing.
    public var text: String {
        guard let partial else { return commit.text }
        let name = partial.after.text.utf8.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "\(commit.text)/\(partial.base?.text ?? "-")/\(name.joined())"
    }

    /// Reads a position; `nil` for a text that is none.
    public init?(text: some StringProtocol) {
        guard text.utf8.count <= Self.maximumTextBytes else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let commit = parts.first.flatMap({ Revision(text: $0) }) else { return nil }
        if parts.count == 1 {
            self.init(commit: commit)
            return
        }
        guard parts.count == 3 else { return nil }
        let base = Revision(text: parts[1])
        guard base != nil || parts[1] == "-", let name = Self.name(hex: parts[2]) else {
            return nil
        }
        self.init(commit: commit, partial: Partial(base: base, after: name))
    }

    private static func name(hex: some StringProtocol) -> CardName? {
        let digits = hex.compactMap(\.hexDigitValue)
        guard digits.count == hex.count, digits.count.isMultiple(of: 2) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        do throws(AddressBookError) {
            return try CardName(text)
        } catch {
            return nil
        }
    }
}

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
            guard let walk = try walk(in: book, since: position) else { return nil }
            return Self.page(walk, limit: limit)
        } catch {
            throw AddressBookError(error)
        }
    }

    private struct Walk {
        let target: Revision
        let base: Revision?
        let changes: [TreeChange]
    }

    private func walk(in book: Book, since position: SyncPosition?) throws(StorageError) -> Walk? {
        guard let position else {
            return Walk(
                target: book.lastChange,
                base: nil,
                changes: book.folder.tree.changes(since: .empty)
            )
        }
        guard let partial = position.partial else {
            if position.commit == book.lastChange {
                return Walk(target: position.commit, base: position.commit, changes: [])
            }
            return try walk(in: book, from: position.commit, to: book.lastChange)
        }
        let whole: Walk?
        if let base = partial.base {
            whole = try walk(in: book, from: base, to: position.commit)
        } else {
            whole = try tree(of: book, at: position.commit).map {
                Walk(target: position.commit, base: nil, changes: $0.changes(since: .empty))
            }
        }
        return whole.map { whole in
            let rest = whole.changes.drop { change in
                change.name.utf8.lexicographicallyPrecedes(partial.after.text.utf8)
                    || change.name == partial.after.text
            }
            return Walk(target: whole.target, base: whole.base, changes: Array(rest))
        }
    }

    /// The changes between two commits of a book's history; `nil` where one is not of it, or is of
    /// another book that bore its name before.
    private func walk(
        in book: Book,
        from base: Revision,
        to target: Revision
    ) throws(StorageError) -> Walk? {
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
        return Walk(target: target, base: base, changes: changes)
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

    private static func page(_ walk: Walk, limit: Int?) -> SyncChanges {
        let cards = walk.changes.filter { $0.name != Book.configFile && !$0.name.hasPrefix(".") }
        let told = cards.prefix(limit ?? cards.count)
        let isTruncated = told.count < cards.count
        var partial: SyncPosition.Partial?
        if isTruncated, let last = told.last {
            partial = SyncPosition.Partial(base: walk.base, after: CardName(held: last.name))
        }
        return SyncChanges(
            cards: told.map { (CardName(held: $0.name), $0.after.map { ContentID($0) }) },
            position: SyncPosition(commit: walk.target, partial: partial),
            isTruncated: isTruncated
        )
    }
}
