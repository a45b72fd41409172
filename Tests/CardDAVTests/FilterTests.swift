import CardDAV
import Testing
import WebDAV

/// RFC 6352 §10.5.
struct FilterTests {
    private let alice = card(
        "FN:Alice Smith",
        "N:Smith;Alice;;;",
        "item1.EMAIL;TYPE=HOME,pref:alice@example.com",
        "EMAIL;TYPE=work:a.smith@example.org",
        "NOTE:one\\, two\\nthree",
        "CATEGORIES:PERSON"
    )

    @Test(arguments: [
        ("<prop-filter name='EMAIL'/>", true), ("<prop-filter name='email'/>", true),
        ("<prop-filter name='TEL'/>", false),
        ("<prop-filter name='TEL'><is-not-defined/></prop-filter>", true),
        ("<prop-filter name='EMAIL'><is-not-defined/></prop-filter>", false),
    ])
    func `RFC 6352 §10.5.1: a property is there, or is not`(inside: String, matches: Bool) throws {
        #expect(try filter(inside).matches(alice) == matches)
    }

    @Test(arguments: [
        ("EMAIL", "alice@", true), ("item1.EMAIL", "alice@", true),
        ("ITEM1.email", "alice@", true), ("item1.EMAIL", "a.smith", false),
        ("item2.EMAIL", "alice@", false), ("item1.FN", "Alice", false),
    ])
    func `RFC 6352 §10.5.1: a group in the name must be the property's own`(
        name: String,
        text: String,
        matches: Bool
    ) throws {
        let filter = try filter(
            "<prop-filter name='\(name)'><text-match>\(text)</text-match></prop-filter>"
        )

        #expect(filter.matches(alice) == matches)
    }

    @Test(arguments: [
        ("contains", "ice sm", true), ("contains", "smythe", false), ("contains", "", true),
        ("equals", "alice smith", true), ("equals", "alice", false),
        ("starts-with", "ALICE", true), ("starts-with", "smith", false),
        ("ends-with", "smith", true), ("ends-with", "alice", false),
        ("ends-with", "my dear alice smith", false), ("starts-with", "alice smith jr", false),
    ])
    func `RFC 6352 §10.5.4: a text matches at its place`(
        type: String,
        text: String,
        matches: Bool
    ) throws {
        let match = "<text-match match-type='\(type)'>\(text)</text-match>"

        #expect(
            try filter("<prop-filter name='FN'>\(match)</prop-filter>").matches(alice) == matches
        )
    }

    @Test func `RFC 6352 §10.5.4: without attributes a text is contained, in any case`() throws {
        let filter = try filter(
            "<prop-filter name='FN'><text-match>E SMI</text-match></prop-filter>"
        )

        #expect(filter.matches(alice))
    }

    @Test func `RFC 6352 §10.5.4: escapes of the card are no part of its text`() throws {
        let filter = try filter(
            "<prop-filter name='NOTE'><text-match>one, two\nthree</text-match></prop-filter>"
        )

        #expect(filter.matches(alice))
    }

    @Test(arguments: [("PERSON", false), ("GROUP", true)])
    func `RFC 6352 §10.5.4: a negated condition holds where the text is not found`(
        text: String,
        matches: Bool
    ) throws {
        let match = "<text-match negate-condition='yes'>\(text)</text-match>"

        #expect(
            try filter("<prop-filter name='CATEGORIES'>\(match)</prop-filter>").matches(alice)
                == matches
        )
    }

    @Test(arguments: [("TYPE", "home", false), ("TYPE", "cell", true), ("PREF", "1", false)])
    func `RFC 6352 §10.5.4: a negated parameter is there, and none of its values has the text`(
        name: String,
        text: String,
        matches: Bool
    ) throws {
        let match = "<text-match negate-condition='yes'>\(text)</text-match>"
        let condition = "<param-filter name='\(name)'>\(match)</param-filter>"

        #expect(
            try filter("<prop-filter name='item1.EMAIL'>\(condition)</prop-filter>").matches(alice)
                == matches
        )
    }

    @Test(arguments: [("anyof", true), ("allof", false)])
    func `RFC 6352 §10.5: test decides between any and all prop-filters`(
        test: String,
        matches: Bool
    ) throws {
        let filter = try filter(
            "<prop-filter name='FN'/><prop-filter name='TEL'/>",
            test: test
        )

        #expect(filter.matches(alice) == matches)
    }

    @Test(arguments: [("", true), (" test='anyof'", true), (" test='allof'", false)])
    func `RFC 6352 §10.5.1: test decides between any and all conditions of one property`(
        test: String,
        matches: Bool
    ) throws {
        let conditions = """
            <text-match>alice@</text-match>
            <param-filter name='TYPE'><text-match>work</text-match></param-filter>
            """

        #expect(
            try filter("<prop-filter name='EMAIL'\(test)>\(conditions)</prop-filter>")
                .matches(alice) == matches
        )
    }

    @Test(arguments: [
        ("<param-filter name='TYPE'/>", true), ("<param-filter name='type'/>", true),
        ("<param-filter name='LABEL'/>", false),
        ("<param-filter name='LABEL'><is-not-defined/></param-filter>", true),
        ("<param-filter name='TYPE'><is-not-defined/></param-filter>", false),
        ("<param-filter name='TYPE'><text-match>home</text-match></param-filter>", true),
        ("<param-filter name='TYPE'><text-match>fax</text-match></param-filter>", false),
        ("<param-filter name='LABEL'><text-match>x</text-match></param-filter>", false),
        (
            "<param-filter name='TYPE'><text-match match-type='equals'>PREF</text-match>"
                + "</param-filter>", true
        ),
    ])
    func `RFC 6352 §10.5.2: a parameter is looked at value by value`(
        inside: String,
        matches: Bool
    ) throws {
        let filter = try filter("<prop-filter name='EMAIL'>\(inside)</prop-filter>")

        #expect(filter.matches(alice) == matches)
    }

    @Test func `an empty filter matches all, even what is no card`() throws {
        let filter = try filter("")

        #expect(filter.matchesEverything)
        #expect(filter.matches(Array("junk".utf8)))
        #expect(Filter.everything.matches(alice))
    }

    @Test func `what is no card matches no condition, not even that something is absent`() throws {
        let filter = try filter("<prop-filter name='TEL'><is-not-defined/></prop-filter>")

        #expect(!filter.matches(Array("junk".utf8)))
    }

    @Test func `a search takes linear time, whatever is looked for`() throws {
        let text = String(repeating: "a", count: 4_000)
        let note = String(repeating: String(repeating: "a", count: 3_999) + "c", count: 250)
        let conditions = String(repeating: "<text-match>\(text)b</text-match>", count: 20)
        let filter = try filter("<prop-filter name='NOTE'>\(conditions)</prop-filter>")
        var isMatched = true

        let time = ContinuousClock().measure {
            isMatched = filter.matches(card("FN:x", "NOTE:\(note)"))
        }

        #expect(!isMatched)
        // Each of the 20 searches would take 4,000 steps a byte, 80 billion in all: minutes.
        #expect(time < .seconds(30))
    }
}
