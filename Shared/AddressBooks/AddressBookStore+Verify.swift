internal import VCard
internal import VersionedStorage

/// What a check of an instance's store found.
public struct StoreReport: Sendable {
    /// The commits of the history.
    public let commits: Int
    /// The objects that the history reaches.
    public let objects: Int
    /// The cards of all books, as of now.
    public let cards: Int
    /// What is wrong, an entry each.
    public let problems: [String]
}

extension AddressBookStore {
    /// Checks every object of the store, and that every card of today can be read.
    ///
    /// - Parameter progress: Called now and then with the number of objects read.
    /// - Returns: What was found.
    public func verify(progress: (Int) -> Void) -> StoreReport {
        let report = store.verify(progress: progress)
        var problems = report.problems
        var cards = 0
        for book in home.books {
            for card in book.cards {
                cards += 1
                do {
                    _ = try Card(parsing: bytes(of: card))
                } catch {
                    problems.append("\(book.name)/\(card.name): \(error)")
                }
            }
        }
        return StoreReport(
            commits: report.commits,
            objects: report.objects,
            cards: cards,
            problems: problems
        )
    }
}
