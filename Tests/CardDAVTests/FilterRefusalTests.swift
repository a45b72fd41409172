import CardDAV
import Testing
import WebDAV

/// Filters that are refused: RFC 6352 §8.6.
struct FilterRefusalTests {
    @Test(arguments: [
        "<unknown/>", "<prop-filter/>", "<prop-filter name=''/>", "<D:prop-filter name='FN'/>",
        "<prop-filter name='FN' test='oneof'/>", "<prop-filter name='FN'><x/></prop-filter>",
        "<prop-filter name='FN'><is-not-defined/><text-match>x</text-match></prop-filter>",
        "<prop-filter name='FN'><text-match match-type='like'>x</text-match></prop-filter>",
        "<prop-filter name='FN'><text-match negate-condition='1'>x</text-match></prop-filter>",
        "<prop-filter name='FN'><param-filter/></prop-filter>",
        "<prop-filter name='FN'><param-filter name='X'><x/></param-filter></prop-filter>",
        "<prop-filter name='FN'><param-filter name='X'><text-match>1</text-match>"
            + "<text-match>2</text-match></param-filter></prop-filter>",
        "<prop-filter name='FN'><param-filter name='X'><text-match>1</text-match>"
            + "<is-not-defined/></param-filter></prop-filter>",
    ])
    func `RFC 6352 §8.6: what is not known in a filter is supported-filter`(inside: String) throws {
        let refusal = refusal { try filter(inside) }

        #expect(refusal?.status == 403)
        #expect(refusal?.condition == .carddav("supported-filter"))
    }

    @Test func `RFC 6352 §8.6: a filter's test is one of two`() throws {
        let refusal = refusal { try filter("", test: "none") }

        #expect(refusal?.condition == .carddav("supported-filter"))
    }

    @Test(arguments: ["i;basic", "", "*", "i;*", "i;ascii-numeric"])
    func `RFC 6352 §8.3: another collation, or a wildcard, is supported-collation`(
        name: String
    ) throws {
        let refusal = refusal {
            try filter(
                "<prop-filter name='FN'><text-match collation='\(name)'>x</text-match></prop-filter>"
            )
        }

        #expect(refusal?.status == 403)
        #expect(refusal?.condition == .carddav("supported-collation"))
    }

    @Test func `a filter has at most 256 conditions, wherever they stand`() throws {
        let one = "<prop-filter name='FN'/>"
        let text = "<text-match>x</text-match>"
        let inside = String(repeating: text, count: 255)
        let most = String(repeating: one, count: 256)

        _ = try filter(most)
        _ = try filter("<prop-filter name='FN'>\(inside)</prop-filter>")
        for excess in [most + one, "<prop-filter name='FN'>\(inside)\(text)</prop-filter>"] {
            #expect(refusal { try filter(excess) }?.condition == .carddav("supported-filter"))
        }
    }

    @Test func `a text to look for has at most 4,096 bytes`() throws {
        func match(_ count: Int) -> String {
            let text = String(repeating: "x", count: count)
            return "<prop-filter name='FN'><text-match>\(text)</text-match></prop-filter>"
        }

        _ = try filter(match(4_096))
        #expect(
            refusal { try filter(match(4_097)) }?.condition == .carddav("supported-filter")
        )
    }
}
