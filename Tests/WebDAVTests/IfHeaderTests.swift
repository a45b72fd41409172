import Testing
import WebDAV

/// RFC 4918 §10.4.
struct IfHeaderTests {
    private static func etag(_ resource: String?) -> ETag? {
        switch resource {
        case nil: ETag(opaque: "own", isWeak: false)
        case "/b": ETag(opaque: "b", isWeak: false)
        default: nil
        }
    }

    @Test(arguments: [
        "([\"own\"])", " ( [\"own\"] ) ", "(NOT [\"x\"])", "(not <a:b>)([\"x\"])",
        "([\"x\"]) (Not <DAV:no-lock> [\"own\"])", "</b> ([\"b\"])", "</x> (Not [\"b\"])",
        "</b>([\"x\"])([\"b\"])", "</x>([\"x\"])</b>([\"b\"])", "(Not [W/\"own\"])",
    ])
    func `RFC 4918 §10.4.1: one list that holds is enough`(value: String) throws {
        #expect(try IfHeader(value).holds(Self.etag))
    }

    @Test(arguments: [
        "([\"x\"])", "(<a:b>)", "([\"own\"] <a:b>)", "(Not [\"own\"])", "([W/\"own\"])",
        "</x> ([\"own\"])", "</b> ([\"own\"])", "(<DAV:no-lock>)",
    ])
    func `RFC 4918 §10.4.1: a list holds only as a whole`(value: String) throws {
        #expect(try !IfHeader(value).holds(Self.etag))
    }

    @Test(arguments: [
        "", " ", "()", "(", ")", "([\"x\"]", "([\"x)", "([\"x\")", "x", "<a>", "<a", "(Not)",
        "(Not Not [\"x\"])", "<a> <b> ([\"x\"])", "([\"x\"]) <a> ([\"x\"])", "(<>)", "([])",
    ])
    func `RFC 4918 §10.4.2: what is no such list is refused with 400`(value: String) {
        #expect { try IfHeader(value) } throws: { ($0 as? Refusal)?.status == 400 }
    }

    @Test func `RFC 4918 §10.4: conditions are counted`() throws {
        let most = String(repeating: "([\"x\"])", count: IfHeader.maximumConditions)

        #expect(try !IfHeader(most).holds(Self.etag))
        #expect { try IfHeader(most + "([\"x\"])") } throws: { ($0 as? Refusal)?.status == 400 }
    }
}
