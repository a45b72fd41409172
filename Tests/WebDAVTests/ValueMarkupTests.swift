import Testing
import WebDAV

/// RFC 4918 §4.3: what of a property's value is kept.
struct ValueMarkupTests {
    private static func markup(_ value: String, in prop: String = "D:prop") throws -> String? {
        let reader = XMLReader(keepsValues: true)
        let text = "<D:set xmlns:D=\"DAV:\" xmlns:a=\"urn:a\"><\(prop)>\(value)</D:prop></D:set>"
        // In pieces of a few bytes, as they may come.
        for start in stride(from: 0, to: text.utf8.count, by: 5) {
            try reader.feed(Array(Array(text.utf8)[start..<min(start + 5, text.utf8.count)]))
        }
        return try reader.finish()?.first(.dav("prop"))?.children.first?.markup
    }

    @Test(arguments: [
        ("<a:x/>", "<x xmlns=\"urn:a\"/>"), ("<x></x>", "<x/>"),
        (
            "<a:x> a <a:y/>\n<z>&amp;&#13;</z></a:x>",
            "<x xmlns=\"urn:a\"> a <y/>\n<z xmlns=\"\">&amp;&#13;</z></x>"
        ),
        (
            "<D:x D:k='1' k='&lt;\"&#9;' xml:space='preserve'/>",
            "<x xmlns=\"DAV:\" xmlns:n1=\"DAV:\" n1:k=\"1\" k=\"&lt;&quot;&#9;\" "
                + "xml:space=\"preserve\"/>"
        ),
        ("<a:x><![CDATA[<b>]]><!-- gone --></a:x>", "<x xmlns=\"urn:a\">&lt;b&gt;</x>"),
        ("<x><D:prop><y/></D:prop></x>", "<x><prop xmlns=\"DAV:\"><y xmlns=\"\"/></prop></x>"),
    ])
    func `RFC 4918 §4.3: names, order, text and attributes are kept`(
        value: String,
        markup: String
    ) throws {
        #expect(try Self.markup(value) == markup)
    }

    @Test func `RFC 4918 §4.3: the language in force is kept`() throws {
        let outer = "D:prop xml:lang=\"de\""

        #expect(try Self.markup("<x/>", in: outer) == "<x xml:lang=\"de\"/>")
        #expect(try Self.markup("<x xml:lang=\"fr\"/>", in: outer) == "<x xml:lang=\"fr\"/>")
    }

    @Test func `RFC 4918 §4.3: what was kept is kept the same when read again`() throws {
        let first = try #require(
            try Self.markup("<a:x D:k='&#10;'>\n t <y xmlns=\"u&amp;v\"><a:z/></y></a:x>")
        )

        #expect(try Self.markup(first) == first)
    }

    @Test func `RFC 4918 §20.6: a value that grows too long is not kept`() throws {
        let quotes = String(repeating: "\"", count: 30_000)

        #expect(try Self.markup("<x>\(quotes)</x>") == nil)
        #expect(try Self.markup("<x>short</x>") != nil)
    }
}
