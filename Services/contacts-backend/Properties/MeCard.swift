import AddressBooks
import WebDAV

/// The card about whoever asks: `me-card` of calendarserver.org on the home, `principal-address`
/// (RFC 6352 §7.1.2) on the principal; one value under two names.
///
/// macOS and iOS set it by PROPPATCH on the home. The users of an instance share its home, and each
/// has a card of their own. One that is deleted is told no more.
enum MeCard {
    static let name = QualifiedName.calendarServer("me-card")
    static let principalAddress = QualifiedName.carddav("principal-address")

    static let property = Property.hrefs(name) { resource, context in
        guard case .home = resource else { return nil }
        return hrefs(context)
    }

    /// The name under which a resource takes the value; `nil` for one that does not.
    static func settable(on resource: Resource) -> QualifiedName? {
        switch resource {
        case .home: name
        case .principal: principalAddress
        case .root, .principals, .book, .card: nil
        }
    }

    /// The value; `nil` where there is none.
    static func hrefs(_ context: PropertyContext) -> [String]? {
        context.store.meCard(of: context.user).map { [Resource.card($0.card, in: $0.book).href] }
    }

    /// Takes the value that an element has.
    ///
    /// - Throws: A ``Refusal`` with status 409 for an href that is no card of the home (RFC 4918
    ///   §9.2.1), or for none or several.
    static func set(_ element: XMLElement, by author: Author, in store: VisibleBooks) throws {
        let hrefs = element.all(.dav("href"))
        guard hrefs.count == 1, let (card, book) = location(hrefs[0].trimmedText) else {
            throw Refusal(409, reason: "the value is the href of one card of the home")
        }
        do {
            try store.setMeCard(card, in: book, by: author)
        } catch AddressBookError.noSuchBook, AddressBookError.noSuchCard {
            throw Refusal(409, reason: "there is no such card")
        }
    }

    private static func location(_ href: String) -> (CardName, BookName)? {
        do {
            guard case .card(let card, let book) = try Location(RequestPath(href)) else {
                return nil
            }
            return (card, book)
        } catch {
            return nil
        }
    }
}
