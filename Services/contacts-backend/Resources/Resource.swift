import AddressBooks
import WebDAV

/// What a URL of the namespace stands for, as of one moment.
///
/// ```
/// /dav/                                      root
/// /dav/principals/                           principals
/// /dav/principals/me/                        principal: whoever asks
/// /dav/addressbooks/                         home
/// /dav/addressbooks/<book>/                  book
/// /dav/addressbooks/<book>/<contact>.vcf     card
/// ```
enum Resource {
    case root
    case principals
    case principal
    case home(Home)
    case book(Book)
    case card(Book.CardEntry, in: Book)

    /// Whether the resource has members (RFC 4918 §5.2).
    var isCollection: Bool {
        if case .card = self { false } else { true }
    }

    /// The resource's own URL path, in its one canonical spelling.
    var href: String {
        switch self {
        case .root: Location.rootHref
        case .principals: Location.principalsHref
        case .principal: Location.principalHref
        case .home: Location.homeHref
        case .book(let book): Location.href(of: book.name)
        case .card(let card, let book): Location.href(of: book.name) + Location.segment(card.name)
        }
    }
}

/// What a URL path names, whether anything is there or not.
enum Location: Equatable {
    case root
    case principals
    case principal
    case home
    case book(BookName)
    case card(CardName, in: BookName)
    /// A path that the namespace has no place for.
    case nowhere

    static let rootHref = "/dav/"
    static let principalsHref = "/dav/principals/"
    static let principalHref = "/dav/principals/me/"
    static let homeHref = "/dav/addressbooks/"

    /// Reads a path; a missing slash at a collection's end is forgiven.
    ///
    /// - Throws: A ``Refusal`` with status 403 for a name that no book or card can bear.
    init(_ path: RequestPath) throws(Refusal) {
        let segments = path.segments
        guard segments.first == "dav" else {
            self = .nowhere
            return
        }
        switch (segments.count, segments.dropFirst().first) {
        case (1, _): self = .root
        case (2, "principals"): self = .principals
        case (3, "principals") where segments[2] == "me": self = .principal
        case (2, "addressbooks"): self = .home
        case (3, "addressbooks"): self = .book(try Self.bookName(segments[2]))
        case (4, "addressbooks") where !path.endsWithSlash:
            let book = try Self.bookName(segments[2])
            self = .card(try Self.cardName(segments[3]), in: book)
        default: self = .nowhere
        }
    }

    /// The canonical path of a book.
    static func href(of book: BookName) -> String {
        homeHref + Href.encode(segment: book.text) + "/"
    }

    /// The canonical last segment of a card's path.
    static func segment(_ card: CardName) -> String {
        Href.encode(segment: card.text)
    }

    /// The resource at this location, or `nil` where there is none.
    func resource(in store: VisibleBooks) -> Resource? {
        switch self {
        case .root: .root
        case .principals: .principals
        case .principal: .principal
        case .home: .home(store.home)
        case .book(let name): store.book(name).map(Resource.book)
        case .card(let name, let bookName):
            store.book(bookName).flatMap { book in
                book.card(named: name).map { .card($0, in: book) }
            }
        case .nowhere: nil
        }
    }

    /// Whether there is something at this location.
    func isMapped(in state: VisibleState) -> Bool {
        switch self {
        case .root, .principals, .principal, .home: true
        case .book(let name): state.book(name) != nil
        case .card(let card, let book): state.etag(of: card, in: book) != nil
        case .nowhere: false
        }
    }

    private static func bookName(_ text: String) throws(Refusal) -> BookName {
        do throws(AddressBookError) {
            return try BookName(text)
        } catch {
            throw Refusal(403, reason: error.description)
        }
    }

    private static func cardName(_ text: String) throws(Refusal) -> CardName {
        do throws(AddressBookError) {
            return try CardName(text)
        } catch {
            throw Refusal(403, reason: error.description)
        }
    }
}
