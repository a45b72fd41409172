import Access
import AddressBooks
import WebDAV

/// What properties are read against: who asks, and of which store. One for each answer.
final class PropertyContext {
    let store: VisibleBooks
    let user: String

    /// What is written in the place of an href in a property's value.
    typealias HrefWriter = (String, inout XMLBuffer) throws -> Void

    private var writeHref: HrefWriter?
    private var lastTimes: (book: BookName, times: AddressBookStore.Times)?
    private var space: AddressBookStore.Space??
    private var dead: (book: BookName, values: DeadValues)?

    init(store: VisibleBooks, request: Request) {
        self.store = store
        user = request.author.user
    }

    /// When the cards of a book were made and changed; looked up once while an answer tells of the
    /// book.
    func times(in book: Book) throws -> AddressBookStore.Times {
        if let lastTimes, lastTimes.book == book.name { return lastTimes.times }
        let times = try store.times(in: book)
        lastTimes = (book.name, times)
        return times
    }

    /// The dead properties of a resource; those of the book asked about last are kept.
    func deadValues(of resource: Resource) -> DeadValues {
        guard case .book(let book) = resource, book.properties.hasDeadProperties else {
            return .none
        }
        if let dead, dead.book == book.name { return dead.values }
        let values = DeadValues(store.deadProperties(of: book))
        dead = (book.name, values)
        return values
    }

    /// The room on the disk; looked up once an answer, so that all it tells fits together.
    func diskSpace() -> AddressBookStore.Space? {
        if let space { return space }
        let found = store.space
        space = .some(found)
        return found
    }

    /// Writes one href of a property's value, or what a report puts in its place.
    func write(href: String, into xml: inout XMLBuffer) throws {
        if let writeHref {
            try writeHref(href, &xml)
        } else {
            xml.element(.dav("href"), text: href)
        }
    }

    /// Does something while hrefs are written in another way; `nil` for the plain one.
    func withHrefs<Value>(
        written writer: HrefWriter?,
        _ body: () throws -> Value
    ) throws -> Value {
        let outer = writeHref
        writeHref = writer
        defer { writeHref = outer }
        return try body()
    }

    /// The hrefs in the value that a resource has of a property; none where it has no such property.
    func hrefs(of property: Property, on resource: Resource) throws -> [String] {
        var hrefs: [String] = []
        var unread = XMLBuffer()
        _ = try withHrefs(written: { href, _ in hrefs.append(href) }) {
            try property.read(resource, self, &unread)
        }
        return hrefs
    }
}
