import Testing
import WebDAV

/// What is no body.
struct XMLReaderRefusalTests {
    @Test(arguments: [
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY b 'b'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;]><a/>",
    ])
    func `RFC 4918 §20.6: a document type declaration ends the parse`(text: String) {
        #expect(throws: XMLError.doctype) { try read(text) }
    }

    @Test(arguments: [
        "<a", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "x", "<a>&nbsp;</a>", "<a x='1' x='2'/>",
        "<a>\u{1}</a>", "<a>&#0;</a>", "<a b=c/>", "<a><!-- </a>", "\u{FEFF}", "<a>]]></a>",
    ])
    func `what is not well-formed is refused`(text: String) {
        #expect {
            try read(text)
        } throws: { error in
            if case .malformed = error as? XMLError { true } else { false }
        }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let reader = XMLReader()

        #expect(throws: XMLError.self) {
            try reader.feed(Array("<a>".utf8) + [0xFF, 0xFE] + Array("</a>".utf8))
            _ = try reader.finish()
        }
    }

    @Test(arguments: ["<p:a/>", "<a p:x='1'/>", "<a xmlns:q='urn:q'><q:b><p:c/></q:b></a>"])
    func `a prefix without a namespace is refused by its name`(text: String) {
        #expect(throws: XMLError.unboundPrefix("p")) { try read(text) }
    }

    @Test func `a line is told`() {
        #expect {
            try read("<a>\n\n<b></a>")
        } throws: { error in
            if case .malformed(line: 3, _) = error as? XMLError { true } else { false }
        }
    }

    @Test func `each limit holds for what is on it, and not for one more`() throws {
        var limits = XMLLimits()
        (limits.bytes, limits.elements, limits.depth) = (60, 4, 2)
        (limits.attributes, limits.textBytes) = (1, 5)

        #expect(try read("<a x='12345'>12345<b/><b/><b/></a>", limits) != nil)
        #expect(throws: XMLError.tooManyElements(limit: 4)) {
            try read("<a><b/><b/><b/><b/></a>", limits)
        }
        #expect(throws: XMLError.tooDeep(limit: 2)) { try read("<a><b><c/></b></a>", limits) }
        #expect(throws: XMLError.tooManyAttributes(limit: 1)) {
            try read("<a x='1' y='2'/>", limits)
        }
        #expect(throws: XMLError.textTooLong(limit: 5)) { try read("<a>123<b/>456</a>", limits) }
        #expect(throws: XMLError.textTooLong(limit: 5)) { try read("<a x='123456'/>", limits) }
        #expect(throws: XMLError.tooLarge(limit: 60)) {
            try read("<a>" + String(repeating: " ", count: 60) + "</a>", limits)
        }
    }

    @Test(arguments: [
        "<a " + (0..<100_000).map { "a\($0)='' " }.joined() + "/>",
        "<a" + (0..<100_000).map { " xmlns:a\($0)='u'" }.joined() + "/>",
        "<a x='" + String(repeating: "y", count: 60_000) + "'/>",
        "<a><" + String(repeating: "y", count: 60_000) + "/></a>",
        "<a><!--" + String(repeating: "y", count: 60_000) + "--></a>",
        "<a><?x " + String(repeating: "y", count: 60_000) + "?></a>",
    ])
    func `RFC 4918 §20.6: a tag without an end is refused while it comes, for libxml2 is quadratic`(
        text: String
    ) throws {
        let limit = XMLLimits().markupBytes
        let reader = XMLReader()
        var bytes = Array(text.utf8)[...]
        var fed = 0

        #expect(throws: XMLError.markupTooLong(limit: limit)) {
            while !bytes.isEmpty {
                try reader.feed(Array(bytes.prefix(1_000)))
                fed += min(1_000, bytes.count)
                bytes = bytes.dropFirst(1_000)
            }
        }
        #expect(fed <= limit + 5_000)
        #expect(throws: XMLError.markupTooLong(limit: limit)) { try read(text) }
    }

    @Test func `a tag within the limit is read in whatever pieces, with what follows`() throws {
        let attribute = String(repeating: "y", count: 15_000)
        let text = "<a><b x='\(attribute)'/>\(String(repeating: "<c/>text", count: 5_000))</a>"

        #expect(try read(text)?.children.first?.attributes.first?.value == attribute)
    }

    @Test func `deep nesting ends at the limit, long before the stack`() {
        let text = String(repeating: "<a>", count: 100_000)

        #expect(throws: XMLError.tooDeep(limit: 32)) { try read(text) }
    }

    @Test func `a long text that comes in small pieces is refused while it comes`() throws {
        let reader = XMLReader()
        try reader.feed(Array("<a>".utf8))

        #expect(throws: XMLError.textTooLong(limit: 65_536)) {
            for _ in 0..<10_000 { try reader.feed(Array(repeating: 0x78, count: 100)) }
        }
    }

    @Test func `after a refusal every call refuses`() {
        let reader = XMLReader()

        #expect(throws: XMLError.doctype) { try reader.feed(Array("<!DOCTYPE a><a/>".utf8)) }
        #expect(throws: XMLError.doctype) { try reader.feed(Array("<a/>".utf8)) }
        #expect(throws: XMLError.doctype) { _ = try reader.finish() }
    }

    @Test func `a multiget of 50,000 indented hrefs is within the limits`() throws {
        var text = "<a xmlns='DAV:'>"
        for number in 0..<50_000 { text += "\n    <href>/dav/addressbooks/x/\(number).vcf</href>" }

        #expect(try read(text + "\n</a>")?.all(.dav("href")).count == 50_000)
    }
}
