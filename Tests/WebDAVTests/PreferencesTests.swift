import Testing
import WebDAV

/// RFC 7240 and RFC 8144.
struct PreferencesTests {
    @Test(arguments: ["return=minimal", "x, Return = \"Minimal\";a=b", "wait=1,return=minimal,"])
    func `RFC 7240 §2: a preference is found whatever its spelling`(header: String) {
        #expect(Preferences(prefer: header, brief: nil).extent == .minimal)
    }

    @Test(arguments: ["", ",", "return", "return=", "return=all", "a=\"x, return=minimal\"", "="])
    func `RFC 7240 §2: what is not known is passed over`(header: String) {
        #expect(Preferences(prefer: header, brief: nil) == Preferences(prefer: nil, brief: nil))
    }

    @Test func `RFC 7240 §2: the first of several values counts`() {
        let preferences = Preferences(
            prefer: "return=representation, return=minimal, handling=strict, depth-noroot",
            brief: "t"
        )

        #expect(preferences.extent == .representation)
        #expect(preferences.isStrict)
        #expect(preferences.omitsRoot)
    }

    @Test func `RFC 8144 §2: Brief t means minimal`() {
        #expect(Preferences(prefer: nil, brief: "t").extent == .minimal)
        #expect(Preferences(prefer: nil, brief: "f").extent == nil)
    }
}
