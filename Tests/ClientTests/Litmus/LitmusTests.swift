import Foundation
import TestSupport
import Testing

/// litmus in a home: the collection that it makes for itself is an address book.
///
/// Each test that does not pass is named here with the reason that an RFC gives; one that comes to
/// pass, or another that does not any more, fails.
struct LitmusTests {
    /// What litmus uploads: without a UID, so that each copy gets one of its own.
    private static let card =
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Litmus\r\nN:Litmus;;;;\r\nEND:VCARD\r\n"

    private typealias Exceptions = [String: (outcome: Litmus.Outcome, reason: String)]

    private static let text = "RFC 6352 §6.3.2.1: valid-address-data, the body is no vCard"
    private static let nested = "RFC 6352 §5.2: an address book has no collections in it"
    private static let dead = "RFC 4918 §9.2: no dead properties on a card, 403"

    private static let basic: Exceptions = [
        "basic 3 put_get": (.failed, text),
        "basic 4 put_get_utf8_segment": (.failed, text),
        "basic 6 mkcol_over_plain": (.skipped, "needs put_get's resource; \(text)"),
        "basic 7 delete": (.skipped, "needs put_get's resource; \(text)"),
        "basic 9 delete_fragment": (.failed, "deletes a collection; \(nested)"),
        "basic 10 mkcol": (.failed, nested),
        "basic 11 mkcol_again": (.skipped, nested),
        "basic 12 delete_coll": (.skipped, nested),
        "basic 14 mkcol_with_body": (.failed, "409 before the body is looked at; \(nested)"),
    ]

    private static let copymove: Exceptions = [
        "copymove 2 copy_init": (.failed, "makes a collection; \(nested)"),
        "copymove 3 copy_simple": (.skipped, "needs copy_init's collection; \(nested)"),
        "copymove 4 copy_overwrite": (.skipped, "needs copy_init's collection; \(nested)"),
        "copymove 5 copy_nodestcoll": (.skipped, "needs copy_init's collection; \(nested)"),
        "copymove 7 copy_coll": (.failed, nested),
        "copymove 8 copy_shallow": (.failed, nested),
        "copymove 9 move": (.failed, "makes a collection; \(nested)"),
        "copymove 10 move_coll": (.failed, nested),
    ]

    private static let props: Exceptions = {
        var exceptions: Exceptions = [
            "props 6 propset": (.failed, dead),
            "props 26 propmanyns": (.failed, dead),
            "props 27 propget": (.failed, dead),
        ]
        let needing = [
            "7 propget", "9 propmove", "10 propget", "11 propdeletes", "12 propget",
            "13 propreplace", "14 propget", "15 propnullns", "16 propget", "17 prophighunicode",
            "18 propget", "19 propremoveset", "20 propget", "21 propsetremove", "22 propget",
            "23 propvalnspace",
        ]
        for test in needing { exceptions["props \(test)"] = (.skipped, "needs propset; \(dead)") }
        return exceptions
    }()

    /// How many tests each suite of litmus 0.13 has.
    private static let counts = ["basic": 16, "copymove": 13, "props": 30, "http": 4]

    @Test(arguments: ["basic", "copymove", "props", "http"])
    func `RFC 4918: litmus passes but for what an address book cannot be`(suite: String) throws {
        try withServer { server throws in
            let exceptions: Exceptions =
                switch suite {
                case "basic": Self.basic
                case "copymove": Self.copymove
                case "props": Self.props
                default: [:]
                }

            let litmus = try Litmus(
                [suite],
                in: "/dav/addressbooks/",
                of: server,
                upload: Self.card
            )

            #expect(litmus.outcomes.count == Self.counts[suite], "\(litmus.text)")
            for (test, outcome) in litmus.outcomes.sorted(by: { $0.key < $1.key }) {
                let wanted = exceptions[test] ?? (.passed, "")
                #expect(outcome == wanted.outcome, "\(test) \(wanted.reason)\n\(litmus.text)")
            }
            let unknown = Set(exceptions.keys).subtracting(litmus.outcomes.keys)
            #expect(unknown.isEmpty, "exceptions for tests that litmus does not have")
        }
    }

    /// litmus begins with MKCOL, which works in a home only.
    @Test(arguments: ["/dav/", "/dav/addressbooks/default/"])
    func `RFC 6352 §5.2: litmus gets no collection of its own but in a home`(path: String) throws {
        try withServer { server throws in
            let litmus = try Litmus(["basic"], in: path, of: server, upload: Self.card)

            #expect(litmus.outcomes["basic 0 init"] == .passed)
            #expect(litmus.outcomes["basic 1 begin"] == .failed)
            #expect(litmus.outcomes.count == 2)
        }
    }
}
