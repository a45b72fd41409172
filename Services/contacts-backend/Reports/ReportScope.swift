import AddressBooks
import WebDAV

/// The cards that the reports of RFC 6352 look at, by what the request's URL names.
struct ReportScope {
    /// The URL of the request itself.
    let href: String
    /// The books to look through, in the order of the home.
    let books: [Book]
    /// The one card that is meant, where the URL names a card.
    let card: Book.CardEntry?

    /// The scope of a request on a resource; `nil` where there can be no cards.
    init?(_ resource: Resource) {
        href = resource.href
        switch resource {
        case .home(let home):
            books = home.books
            card = nil
        case .book(let book):
            books = [book]
            card = nil
        case .card(let card, let book):
            books = [book]
            self.card = card
        case .root, .principals, .principal: return nil
        }
    }

    /// Whether a resource has cards, is a card, or has books (RFC 6352 §8, §8.2).
    @Sendable static func works(on resource: Resource) -> Bool {
        switch resource {
        case .home, .book, .card: true
        case .root, .principals, .principal: false
        }
    }
}
