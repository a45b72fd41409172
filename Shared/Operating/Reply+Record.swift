internal import AddressBooks
public import Framing

extension Reply {
    private enum Word: String {
        case book, card, added, updated, unchanged, refused, imported, removed, progress, problem
        case verified, done, failed
    }

    /// The reply as a record: a word, then what belongs to it.
    public var record: OperatorRecord {
        switch self {
        case .book(let book):
            let changed = book.changed.map(String.init) ?? ""
            return Self.record(
                .book,
                book.name,
                book.displayName,
                book.description,
                String(book.cards),
                book.commit,
                changed
            )
        case .card(let card):
            let head = [Word.card.rawValue, card.book, card.name].map { Array($0.utf8) }
            return OperatorRecord(head + [card.bytes])
        case .outcome(.added(let name)): return Self.record(.added, name)
        case .outcome(.updated(let name)): return Self.record(.updated, name)
        case .outcome(.unchanged(let name)): return Self.record(.unchanged, name)
        case .outcome(.refused(let line, let reason)):
            return Self.record(.refused, line.map(String.init) ?? "", reason)
        case .imported(let commits): return Self.record(.imported, String(commits))
        case .removed(let commit): return Self.record(.removed, commit)
        case .progress(let objects): return Self.record(.progress, String(objects))
        case .problem(let text): return Self.record(.problem, text)
        case .verified(let report):
            let counts = [report.commits, report.objects, report.cards].map(String.init)
            return Self.record(.verified, counts[0], counts[1], counts[2])
        case .done: return Self.record(.done)
        case .failed(let reason): return Self.record(.failed, reason)
        }
    }

    private static func record(_ word: Word, _ texts: String...) -> OperatorRecord {
        OperatorRecord(([word.rawValue] + texts).map { Array($0.utf8) })
    }

    /// Reads a record.
    ///
    /// - Throws: ``OperatingError/record(_:)`` for one that is no reply.
    public init(_ record: OperatorRecord) throws(OperatingError) {
        var reader = RecordReader(record)
        guard let word = reader.text().flatMap(Word.init), let reply = Self.read(word, &reader),
            reader.isAtEnd
        else { throw .record(RecordReader.word(of: record)) }
        self = reply
    }

    private static func read(_ word: Word, _ reader: inout RecordReader) -> Reply? {
        switch word {
        case .book: return book(&reader).map(Reply.book)
        case .card:
            guard let book = reader.text(), let name = reader.text(), let bytes = reader.bytes()
            else { return nil }
            return .card(ExportedCard(book: book, name: name, bytes: bytes))
        case .added: return reader.text().map { .outcome(.added(name: $0)) }
        case .updated: return reader.text().map { .outcome(.updated(name: $0)) }
        case .unchanged: return reader.text().map { .outcome(.unchanged(name: $0)) }
        case .refused:
            guard let line = reader.text(), let reason = reader.text() else { return nil }
            return .outcome(.refused(line: Int(line), reason: reason))
        case .imported: return reader.number().map { .imported(commits: $0) }
        case .removed: return reader.text().map { .removed(commit: $0) }
        case .progress: return reader.number().map(Reply.progress)
        case .problem: return reader.text().map(Reply.problem)
        case .verified:
            guard let commits = reader.number(), let objects = reader.number(),
                let cards = reader.number()
            else { return nil }
            return .verified(StoreReport(commits: commits, objects: objects, cards: cards))
        case .done: return .done
        case .failed: return reader.text().map(Reply.failed)
        }
    }

    private static func book(_ reader: inout RecordReader) -> BookSummary? {
        guard let name = reader.text(), let displayName = reader.text(),
            let description = reader.text(), let cards = reader.number(),
            let commit = reader.text(), let changed = reader.text()
        else { return nil }
        return BookSummary(
            name: name,
            displayName: displayName,
            description: description,
            cards: cards,
            commit: commit,
            changed: Int(changed)
        )
    }
}
