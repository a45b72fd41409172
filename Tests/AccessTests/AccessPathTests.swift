import Access
import Testing

struct AccessPathTests {
    @Test(arguments: [
        ("http/contacts", nil), ("http/contacts/default", "default"),
        ("http/contacts/Büro 2", "Büro 2"),
    ])
    func `a path names every instance or one, and is written as it was read`(
        text: String,
        instance: String?
    ) throws {
        let path = try #require(AccessPath(text))

        #expect(path.instance == instance)
        #expect(path.description == text)
        #expect(path == AccessPath(instance: instance))
    }

    @Test(arguments: [
        "", "/", "http", "http/", "http/contacts/", "/http/contacts", "http//contacts",
        "http/contacts//", "http/contacts/a/", "http/contacts/a/b", "http/calendars",
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

    @Test func `paths differ by letter case and by instance`() {
        let paths = ["http/contacts", "http/contacts/a", "http/contacts/A", "http/contacts/b"]

        #expect(Set(paths.compactMap(AccessPath.init(_:))).count == 4)
    }
}
