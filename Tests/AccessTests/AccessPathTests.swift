import Access
import Testing

struct AccessPathTests {
    @Test(
        arguments: [
            ("http/contacts", nil, nil), ("http/contacts/default", "default", nil),
            ("http/contacts/Büro 2", "Büro 2", nil),
            ("http/contacts/default/work", "default", "work"),
            ("http/contacts/default/a b%20c.d", "default", "a b%20c.d"),
            ("http/contacts/default/家族", "default", "家族"),
        ] as [(String, String?, String?)]
    )
    func `a path names every instance, one, or a book, and is written as it was read`(
        text: String,
        instance: String?,
        book: String?
    ) throws {
        let path = try #require(AccessPath(text))

        #expect(path.instance == instance)
        #expect(path.book == book)
        #expect(path.description == text)
        #expect((path == AccessPath(instance: instance)) == (book == nil))
    }

    @Test(arguments: [
        "", "/", "http", "http/", "http/contacts/", "/http/contacts", "http//contacts",
        "http/contacts//", "http/contacts/a/", "http/contacts/a/b/", "http/contacts/a/b/c",
        "http/contacts/a//b", "http/contacts/a/.", "http/contacts/a/..", "http/contacts/a/.hidden",
        "http/contacts/a/b\\c", "http/contacts/a/b\u{85}", "http/contacts/a/b\n", "http/calendars",
        "https/contacts", "HTTP/contacts", "http/Contacts", "http/contacts/a\0", "http/contacts/\n",
        "http/contacts/\u{7F}", " http/contacts",
    ])
    func `what has another form is no path`(text: String) {
        #expect(AccessPath(text) == nil)
    }

    @Test func `a path has so many bytes and not one more`() throws {
        let room = AccessPath.maximumBytes - "http/contacts/".utf8.count
        let full = String(repeating: "x", count: room)

        #expect(AccessPath("http/contacts/\(full)")?.instance == full)
        #expect(AccessPath("http/contacts/\(full)x") == nil)
        #expect(AccessPath("http/contacts/\(full.dropLast())é") == nil)
    }

    @Test func `a book's name has so many bytes as a store can bear`() {
        let full = String(repeating: "é", count: AccessPath.maximumBookBytes / 2)

        #expect(AccessPath("http/contacts/a/\(full)")?.book == full)
        #expect(AccessPath("http/contacts/a/\(full)x") == nil)
    }

    @Test func `a book is the same in each way of writing its characters`() throws {
        let one = try #require(AccessPath("http/contacts/a/caf\u{E9}"))
        let two = try #require(AccessPath("http/contacts/a/cafe\u{301}"))

        #expect(one == two)
        #expect(one != AccessPath("http/contacts/a/cafe"))
        #expect(one != AccessPath("http/contacts/a/Caf\u{E9}"))
    }

    @Test func `paths differ by letter case and by instance`() {
        let paths = ["http/contacts", "http/contacts/a", "http/contacts/A", "http/contacts/b"]

        #expect(Set(paths.compactMap(AccessPath.init(_:))).count == 4)
    }
}
