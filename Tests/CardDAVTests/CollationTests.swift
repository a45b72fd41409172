import CardDAV
import Testing
import WebDAV

/// RFC 4790 and RFC 5051, seen through a filter.
struct CollationTests {
    @Test(arguments: [
        ("Ärger", "ärger"), ("STRASSE", "strasse"), ("Ωmega", "ωMEGA"), ("Иван", "иВАН"),
        // Composed and not.
        ("José", "Jose\u{301}"), ("Jose\u{301}", "JOSÉ"), ("Nguyễn", "NGUYE\u{302}\u{303}N"),
        // Hangul, whose syllables are taken apart by rule.
        ("한글", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"),
        // Compatibility forms: full width, no-break space, numerals.
        ("ＡＢＣ", "abc"), ("a\u{A0}b", "a b"), ("Ⅳ", "iv"),
        // Arabic as old systems write it, ideographs for compatibility, squared words.
        ("\u{FEFB}", "\u{644}\u{627}"), ("\u{F900}", "\u{8C48}"), ("\u{3349}", "ミリ"),
        // Beyond the Basic Multilingual Plane.
        ("\u{1D400}\u{1D401}", "ab"), ("\u{1F12B}", "c"), ("\u{2F800}", "\u{4E3D}"),
        // RFC 5051 §2's own example: U+01C4, U+01C5 and U+01C6 all become D, z, caron.
        ("\u{1C4}", "\u{1C6}"), ("\u{1C5}", "\u{1C4}"),
    ])
    func `RFC 5051 §2: letters equal without case and however composed`(
        text: String,
        other: String
    ) throws {
        #expect(try matches(text, other, .unicodeCasemap, "equals"))
        #expect(try matches(other, text, .unicodeCasemap, "equals"))
    }

    @Test(arguments: [("José", "jose"), ("Straße", "strasse"), ("a", "а"), ("ß", "ẞ")])
    func `RFC 5051 §2: a letter with a mark is another, as are ß and look-alikes`(
        text: String,
        other: String
    ) throws {
        #expect(try !matches(text, other, .unicodeCasemap, "equals"))
    }

    @Test(arguments: [("ﬁn", "fin"), ("\u{1C4}", "DZ\u{30C}")])
    func `RFC 5051 §2: case goes first, so that what is then taken apart keeps its own`(
        text: String,
        other: String
    ) throws {
        #expect(try !matches(text, other, .unicodeCasemap, "equals"))
    }

    @Test func `RFC 5051 §2: a part is looked for among the letters taken apart`() throws {
        #expect(try matches("José", "jose", .unicodeCasemap, "starts-with"))
        #expect(try matches("Renée Zoë", "NÉE ZO", .unicodeCasemap, "contains"))
        #expect(try !matches("Renee", "née", .unicodeCasemap, "contains"))
        #expect(try matches("Zoë", "ë", .unicodeCasemap, "ends-with"))
    }

    @Test func `RFC 4790 §9.2: ascii-casemap knows the case of ASCII alone`() throws {
        #expect(try matches("Alice", "aLICE", .asciiCasemap, "equals"))
        #expect(try matches("Zoë", "zOë", .asciiCasemap, "equals"))
        #expect(try !matches("Zoë", "ZOË", .asciiCasemap, "equals"))
        #expect(try !matches("[", "{", .asciiCasemap, "equals"))
        #expect(try !matches("José", "Jose\u{301}", .asciiCasemap, "equals"))
    }

    @Test func `RFC 4790 §9.3: octet compares bytes`() throws {
        #expect(try matches("Alice", "lic", .octet, "contains"))
        #expect(try !matches("Alice", "alice", .octet, "equals"))
        #expect(try !matches("José", "Jose\u{301}", .octet, "equals"))
    }

    @Test func `RFC 6352 §8.3: without a collation, or by default, it is unicode-casemap`() throws {
        for attribute in ["", " collation='default'"] {
            let filter = try filter(
                "<prop-filter name='FN'><text-match\(attribute)>ZOË</text-match></prop-filter>"
            )

            #expect(filter.matches(card("FN:Zoë")))
        }
    }

    private func matches(
        _ text: String,
        _ wanted: String,
        _ collation: Collation,
        _ type: String
    ) throws -> Bool {
        let attributes = "collation='\(collation.rawValue)' match-type='\(type)'"
        return try filter(
            "<prop-filter name='FN'><text-match \(attributes)>\(wanted)</text-match></prop-filter>"
        ).matches(card("FN:\(text)"))
    }
}
