import Operating
import Supervision

/// What is said of an import: of each card as its outcome comes, and of all at the end.
struct ImportReport {
    struct Counts: Equatable {
        var added = 0
        var updated = 0
        var unchanged = 0
        var refused = 0
        var commits = 0
        /// Of those added, the cards that got a UID here.
        var withoutUID = 0
    }

    private(set) var counts = Counts()
    private let source: CardSource
    private let isVerbose: Bool
    private let isJSON: Bool
    private var taken = 0
    private var isFirst = true

    init(source: CardSource, isVerbose: Bool, isJSON: Bool) {
        self.source = source
        self.isVerbose = isVerbose
        self.isJSON = isJSON
    }

    func begin(instance: String, book: String, isRehearsal: Bool) {
        guard isJSON else { return }
        let head = [
            JSON.Member("instance", .text(instance)), JSON.Member("book", .text(book)),
            JSON.Member("dryRun", .truth(isRehearsal)),
        ]
        Terminal.put(JSON.encode(.object(head)).dropLast() + ",\"cards\":[", 1)
    }

    mutating func take(_ reply: Reply) {
        switch reply {
        case .outcome(let outcome):
            let origin = source.origins[taken]
            taken += 1
            if case .added = outcome, !origin.hasUID { counts.withoutUID += 1 }
            say(outcome, source.files[origin.file], origin.line)
        case .imported(let commits): counts.commits = commits
        default: break
        }
    }

    /// Ends the document of an import that fails, with what is known and why.
    func fail(_ error: any Error) {
        if isJSON { closeDocument(error: "\(error)") }
    }

    /// Says of all cards what became of them.
    mutating func end(isRehearsal: Bool) {
        for file in source.unreadable {
            say(.refused(line: nil, reason: file.reason), file.file, nil)
        }
        if isJSON { return closeDocument(error: nil) }
        let text =
            "\(counts.added) added, \(counts.updated) updated, \(counts.unchanged) unchanged, "
            + "\(counts.refused) refused"
        Terminal.say(isRehearsal ? "nothing stored; there would be \(text)" : text)
        guard counts.withoutUID > 0 else { return }
        let cards = StatusText.count(counts.withoutUID, "added card")
        Terminal.say("\(cards) had no UID and would be new again in another import")
    }

    private func closeDocument(error: String?) {
        let tail: JSON.Value = .members([
            "added": .number(counts.added), "updated": .number(counts.updated),
            "unchanged": .number(counts.unchanged), "refused": .number(counts.refused),
            "commits": .number(counts.commits), "withoutUID": .number(counts.withoutUID),
            "error": .optional(error),
        ])
        Terminal.say("]," + JSON.encode(tail).dropFirst())
    }

    private mutating func say(_ outcome: CardOutcome, _ file: String, _ line: Int?) {
        var card = (word: "", name: nil as String?, line: line, reason: nil as String?)
        switch outcome {
        case .added(let name):
            counts.added += 1
            (card.word, card.name) = ("added", name)
        case .updated(let name):
            counts.updated += 1
            (card.word, card.name) = ("updated", name)
        case .unchanged(let name):
            counts.unchanged += 1
            (card.word, card.name) = ("unchanged", name)
        case .refused(let at, let reason):
            counts.refused += 1
            (card.word, card.line, card.reason) = ("refused", at ?? line, reason)
        }
        let place = card.line.map { "\(file):\($0)" } ?? file
        if isJSON {
            let value: JSON.Value = .members([
                "file": .text(file), "line": .optional(card.line), "outcome": .text(card.word),
                "name": .optional(card.name), "reason": .optional(card.reason),
            ])
            Terminal.put((isFirst ? "" : ",\n ") + JSON.encode(value), 1)
            isFirst = false
        } else if let reason = card.reason {
            Terminal.complain("\(place): \(reason)")
        } else if isVerbose {
            Terminal.say("\(place): \(card.word) \(card.name ?? "")")
        }
    }
}
