import Testing
import VCard

struct UnseenPropertyTests {
    /// A card of 4.0 with a line, after one of 3.0 with another was put in its place.
    private func overwritten(_ stored: String..., by new: String..., version: String = "3.0") throws
        -> [String]?
    {
        func card(_ lines: [String], _ version: String) throws -> Card {
            try Card(parsing: cardBytes(lines.joined(separator: "\r\n"), version: version))
        }
        let merged = try card(["FN:New"] + new, version).keepingUnseen(
            of: card(["FN:Old"] + stored, "4.0")
        )
        guard let merged else { return nil }
        let lines = String(decoding: merged, as: UTF8.self).split(separator: "\r\n")
        #expect(lines.prefix(3) == ["BEGIN:VCARD", "VERSION:4.0", "FN:New"])
        #expect(lines.last == "END:VCARD")
        return lines.dropFirst(3).dropLast().map(String.init)
    }

    @Test(arguments: [
        "XML:<a/>", "CLIENTPIDMAP:1;urn:uuid:1", "GENDER:F;woman", "LANG;PREF=1:fr",
        "ANNIVERSARY:20090808", "RELATED;TYPE=friend:urn:uuid:2", "KIND:org",
        "MEMBER:urn:uuid:3", "HOBBY:chess", "DEATHDATE:2020",
    ])
    func `what a writer of 3_0 cannot have seen is kept`(line: String) throws {
        #expect(try overwritten(line, by: "TEL:1") == ["TEL:1", line])
    }

    @Test func `what a writer of 3_0 brings is its word`() throws {
        #expect(try overwritten("GENDER:F", by: "X-GENDER:M") == nil)
        #expect(try overwritten("ANNIVERSARY:20090808", by: "X-ANNIVERSARY:2010-01-01") == nil)
        #expect(
            try overwritten("KIND:group", "MEMBER:a:1", by: "X-ADDRESSBOOKSERVER-KIND:group") == nil
        )
        #expect(
            try overwritten("GENDER:F", "XML:<a/>", by: "X-GENDER:M") == ["GENDER:M", "XML:<a/>"]
        )
    }

    @Test func `a writer that hands back what it does not know may take away`() throws {
        #expect(try overwritten("LANG:fr", "ANNIVERSARY:20090808", by: "X-LANG:fr") == nil)
        #expect(try overwritten("LANG:fr", "XML:<a/>", by: "X-LANG:fr") == ["LANG:fr", "XML:<a/>"])
    }

    @Test func `properties of both versions are the writer's to take away`() throws {
        #expect(try overwritten("TEL:1", "EMAIL:a@b.example", "X-OWN:1", by: "NOTE:x") == nil)
    }

    @Test func `vCard 2_1: a writer of it has seen as little`() throws {
        let lines = try overwritten("XML:<a/>", by: "TEL;CELL:1", version: "2.1")

        #expect(lines == ["TEL;TYPE=CELL:1", "XML:<a/>"])
    }

    @Test(arguments: [("4.0", "4.0"), ("3.0", "3.0"), ("4.0", "3.0"), ("9.9", "4.0")])
    func `nothing is kept but where 3_0 replaces 4_0`(new: String, stored: String) throws {
        let before = try Card(parsing: cardBytes("FN:a", "XML:<a/>", version: stored))
        let after = try Card(parsing: cardBytes("FN:b", version: new))

        #expect(after.keepingUnseen(of: before) == nil)
    }
}
