import CardDAV
import Testing
import VCard

/// RFC 6352 §5.1.1, RFC 9110 §12.5.1.
struct CardNegotiationTests {
    @Test(arguments: [
        (nil, CardNegotiation.Choice.kept), ("*/*", .kept), ("text/*", .kept), ("junk", .kept),
        ("text/vcard", .kept), ("text/x-vcard;q=0.1", .kept), ("text/vcard;version=3.0", .kept),
        ("text/vcard; version=\"4.0\"", .converted(.text(.v4_0))),
        (
            "text/vcard;version=4.0, text/vcard;charset=UTF-8;q=0.8, */*;q=0.1",
            .converted(.text(.v4_0))
        ),
        ("text/vcard;version=4.0;q=0.5, text/vcard;version=3.0", .kept),
        ("text/vcard;version=4.0;q=0, text/vcard", .kept),
        ("text/vcard;version=3.0;q=0, text/vcard", .converted(.text(.v4_0))),
        ("text/vcard;version=2.1, */*;q=0.1", .kept),
        ("application/vcard+json", .converted(.jCard)),
        ("Application/vCard+JSON, text/vcard;q=0.9", .converted(.jCard)),
        ("application/*", .converted(.jCard)),
        ("application/vcard+json;version=3.0", .none), ("text/html", .none),
        ("text/vcard;q=0", .none), ("text/vcard;version=2.1", .none),
        ("application/vcard+xml", .none),
    ])
    func `RFC 9110 §12.5.1: a card of 3.0 is given in the form that is wanted most`(
        accept: String?,
        choice: CardNegotiation.Choice
    ) {
        #expect(CardNegotiation(accept: accept).choice(kept: .v3_0) == choice)
    }

    @Test func `vCard 2.1: a card is given as it is to who takes any version`() {
        #expect(CardNegotiation(accept: "text/vcard").choice(kept: .v2_1) == .kept)
        #expect(
            CardNegotiation(accept: "text/vcard;version=3.0").choice(kept: .v2_1)
                == .converted(.text(.v3_0))
        )
    }

    @Test func `a card that says no version is converted for who names one`() {
        let wanted = CardNegotiation(accept: "text/vcard;version=3.0, text/vcard;q=0.5")

        #expect(wanted.choice(kept: nil) == .converted(.text(.v3_0)))
        #expect(wanted.takesKept(nil))
        #expect(!CardNegotiation(accept: "text/vcard;version=3.0").takesKept(nil))
    }
}
