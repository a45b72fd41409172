/// What the cards of a book may be, as far as those who wrote them can know.
///
/// A write that was answered with success settles what the card is. One that got no answer, or an
/// error, leaves two states possible: as before, or as it would have made it; never a third.
struct Ledger {
    /// The bytes of a card, or `nil` where there is none.
    typealias State = [UInt8]?

    private(set) var cards: [String: [State]] = [:]

    /// The names of all cards that were ever written.
    var names: [String] { cards.keys.sorted() }

    /// Whether the card is known to exist, not to exist, or neither.
    func isPresent(_ name: String) -> Bool? {
        let states = cards[name] ?? [nil]
        if states.allSatisfy({ $0 != nil }) { return true }
        return states.allSatisfy { $0 == nil } ? false : nil
    }

    /// A write is under way, which will make the card this.
    mutating func began(_ name: String, _ state: State) {
        var states = cards[name] ?? [nil]
        if !states.contains(state) { states.append(state) }
        cards[name] = states
    }

    /// The card is this, from now on and whatever happens.
    mutating func settled(_ name: String, _ state: State) { cards[name] = [state] }

    /// The write that was under way has changed nothing.
    mutating func refused(_ name: String, before states: [State]?) { cards[name] = states }

    /// Whether the card may be this.
    func allows(_ name: String, _ state: State) -> Bool { (cards[name] ?? [nil]).contains(state) }

    /// Takes in what others know about cards of their own.
    mutating func merge(_ other: Ledger) { cards.merge(other.cards) { _, new in new } }
}
