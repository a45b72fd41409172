import Testing
import WebDAV

/// What is written.
struct XMLBufferTests {
    @Test func `known namespaces have prefixes, others are declared where they stand`() throws {
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("multistatus"))
        xml.empty(.carddav("addressbook"))
        xml.element(.calendarServer("getctag"), text: "1")
        xml.open(QualifiedName("urn:x?a=1&b=2", "own"))
        xml.empty(.dav("prop"))
        xml.empty(QualifiedName("", "bare"))
        xml.close(QualifiedName("urn:x?a=1&b=2", "own"))
        xml.close(.dav("multistatus"))

        let root = try read(String(decoding: xml.bytes, as: UTF8.self))

        #expect(root?.name == .dav("multistatus"))
        #expect(
            root?.children.map(\.name) == [
                .carddav("addressbook"), .calendarServer("getctag"),
                QualifiedName("urn:x?a=1&b=2", "own"),
            ]
        )
        #expect(root?.children.last?.children.map(\.name) == [.dav("prop"), .init("", "bare")])
    }

    @Test func `the declaration is the first thing, as clients look for it`() {
        var xml = XMLBuffer()
        xml.declaration()

        #expect(text(xml) == "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
    }

    @Test(arguments: [
        ("a<b>&\"c\"", "a&lt;b&gt;&amp;&quot;c&quot;"), ("]]>", "]]&gt;"), ("ü€😀", "ü€😀"),
        ("tab\tline\n", "tab\tline\n"), ("a\r\nb", "a&#13;\nb"), ("", ""),
    ])
    func `what XML takes for markup is escaped`(value: String, expected: String) {
        var asText = XMLBuffer()
        asText.text(value)
        var asBytes = XMLBuffer()
        asBytes.text(Array(value.utf8))

        #expect(text(asText) == expected)
        #expect(text(asBytes) == expected)
    }

    @Test func `vdirsyncer: characters that XML 1.0 cannot hold are left out`() {
        var xml = XMLBuffer()
        xml.text("a\0\u{1}\u{B}\u{1F}b\u{FFFE}c\u{FFFF}d\u{FFFD}e\u{FFEF}")

        #expect(text(xml) == "abcd\u{FFFD}e\u{FFEF}")
    }

    @Test func `bytes that are not UTF-8 are replaced, and the rest is kept`() throws {
        var xml = XMLBuffer()
        xml.openRoot(.dav("a"))
        xml.text([0x61, 0xFF, 0x3C, 0xC3, 0x62][...])
        xml.close(.dav("a"))

        #expect(try read(text(xml))?.text == "a\u{FFFD}<\u{FFFD}b")
    }

    @Test func `what is written is read back the same`() throws {
        let value = "FN:O'Neil & \"Söhne\" <x>\r\nNOTE:]]> \u{1F600}\r\n"
        var xml = XMLBuffer()
        xml.openRoot(.dav("a"))
        xml.text(value)
        xml.close(.dav("a"))

        #expect(try read(text(xml))?.text == value)
    }

    @Test func `what is taken is gone, and the next piece goes on behind it`() {
        var xml = XMLBuffer()
        xml.literal("<a>")
        let first = xml.take()
        xml.literal("</a>")

        #expect(first == Array("<a>".utf8))
        #expect(xml.count == 4)
        #expect(xml.take() == Array("</a>".utf8))
        #expect(xml.bytes.isEmpty)
    }

    private func text(_ xml: XMLBuffer) -> String { String(decoding: xml.bytes, as: UTF8.self) }
}
