import Testing
import WebDAV

/// What is read of a body.
struct XMLReaderTests {
    @Test func `an element has its name, attributes, text and children`() throws {
        let root = try read(
            "<D:a xmlns:D='DAV:' x='1 &amp; 2'>one<D:b/>two<c xmlns='urn:c'>&#65;</c></D:a>"
        )

        #expect(root?.name == .dav("a"))
        #expect(root?.attribute("x") == "1 & 2")
        #expect(root?.text == "onetwo")
        #expect(root?.children.map(\.name) == [.dav("b"), QualifiedName("urn:c", "c")])
        #expect(root?.first(QualifiedName("urn:c", "c"))?.text == "A")
    }

    @Test(arguments: [
        ("&amp;", "&"), ("&#38;", "&"), ("&#x26;", "&"), ("&amp;#38;", "&#38;"),
        ("&amp;amp;", "&amp;"), ("&lt;&gt;&quot;&apos;", "<>\"'"), ("&#xE9;", "é"),
        ("a&amp;", "a&"), ("&amp;&amp;b", "&&b"),
    ])
    func `references are resolved once, in text, attributes and namespaces`(
        written: String,
        meant: String
    ) throws {
        let root = try read("<a x='\(written)'>\(written)</a>")
        let named = try read("<a xmlns='urn:a?b&amp;c'/>")

        #expect(root?.text == meant)
        #expect(root?.attribute("x") == meant)
        #expect(named?.name.namespace == "urn:a?b&c")
    }

    @Test func `a document reads the same whatever pieces it comes in`() throws {
        let text = "\u{FEFF}<?xml version='1.0'?><a x='ü'>€<![CDATA[<&]]><b>\u{1F600}</b></a>"
        let whole = try read(text)
        let reader = XMLReader()

        for byte in text.utf8 { try reader.feed([byte]) }

        #expect(try reader.finish() == whole)
        #expect(whole?.text == "€<&")
        #expect(whole?.children.first?.text == "\u{1F600}")
    }

    @Test(arguments: ["", " ", "\r\n\t  \n"])
    func `a body of nothing but white space is none`(text: String) throws {
        #expect(try read(text) == nil)
    }

    @Test func `white space before the declaration is passed over`() throws {
        #expect(try read("\r\n <?xml version='1.0'?><a/>")?.name == QualifiedName("", "a"))
    }

    @Test func `white space that parts children is no text, a text of white space is one`() throws {
        let root = try read("<a>\n  <b> </b>\n  <b/>\n</a>")

        #expect(root?.text == "")
        #expect(root?.children.map(\.text) == [" ", ""])
    }

    @Test func `RFC 4918 §4.3: the language is inherited until another is given`() throws {
        let root = try read("<a xml:lang='fr'><b><c xml:lang='de'/></b></a>")

        #expect(root?.children.first?.language == "fr")
        #expect(root?.children.first?.children.first?.language == "de")
        #expect(try read("<a/>")?.language == nil)
    }

    @Test func `an attribute is found in any letter case, but not in another namespace`() throws {
        let root = try read("<a xmlns:x='urn:x' x:version='2' Content-Type='text/vcard'/>")

        #expect(root?.attribute("content-type") == "text/vcard")
        #expect(root?.attribute("CONTENT-TYPE") == "text/vcard")
        #expect(root?.attribute("version") == nil)
    }

    @Test func `ISO-8859-1 is converted`() throws {
        let head = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8)
        let reader = XMLReader()
        try reader.feed(head + [0xE9] + Array("</a>".utf8))

        #expect(try reader.finish()?.text == "é")
    }

    @Test func `a relative namespace name, which is only warned of, is taken`() throws {
        #expect(try read("<a xmlns='relative'/>")?.name == QualifiedName("relative", "a"))
    }
}
