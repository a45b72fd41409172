import Testing
import WebDAV

/// What a client is told.
struct RefusalTests {
    @Test func `RFC 4918 §16: the condition stands in an error document`() throws {
        let root = try body(.validSyncToken)

        #expect(root?.name == .dav("error"))
        #expect(root?.children.map(\.name) == [.dav("valid-sync-token")])
    }

    @Test func `RFC 6352 §6.3.2.1: a UID's holder is named, whatever is in its name`() throws {
        let condition = try body(.noUIDConflict("/a&b.vcf"))?.first(.carddav("no-uid-conflict"))

        #expect(condition?.first(.dav("href"))?.text == "/a&b.vcf")
    }

    @Test func `RFC 3744 §7.1.1: a missing privilege is named with its resource`() throws {
        let refusal = Refusal.needPrivileges(href: "/dav/", privilege: .dav("bind"))
        let resource = try body(refusal)?.first(.dav("need-privileges"))?.first(.dav("resource"))

        #expect(resource?.first(.dav("href"))?.text == "/dav/")
        #expect(resource?.first(.dav("privilege"))?.children.map(\.name) == [.dav("bind")])
    }

    @Test func `a reason stands in a namespace of ours`() throws {
        let root = try body(Refusal(409, reason: "no <book>"))

        #expect(root?.children.map(\.text) == ["no <book>"])
        #expect(root?.children.first?.name.namespace == "urn:everlock:contacts")
    }

    @Test func `without condition and reason there is no body`() {
        #expect(Refusal(404).body().isEmpty)
    }

    @Test(arguments: [
        (Refusal.propfindFiniteDepth, 403, QualifiedName.dav("propfind-finite-depth")),
        (.noExternalEntities, 403, .dav("no-external-entities")),
        (.cannotModifyProtectedProperty, 403, .dav("cannot-modify-protected-property")),
        (.supportedReport, 403, .dav("supported-report")),
        (.resourceMustBeNull, 405, .dav("resource-must-be-null")),
        (.validResourcetype, 403, .dav("valid-resourcetype")),
        (.validSyncToken, 403, .dav("valid-sync-token")),
        (.numberOfMatchesWithinLimits, 507, .dav("number-of-matches-within-limits")),
        (
            .addressbookCollectionLocationOK, 403,
            .carddav("addressbook-collection-location-ok")
        ),
        (.maxResourceSize, 413, .carddav("max-resource-size")),
        (.supportedCollation, 403, .carddav("supported-collation")),
        (.supportedAddressData, 403, .carddav("supported-address-data")),
        (.supportedFilter("x"), 403, .carddav("supported-filter")),
        (.validAddressData(reason: "x"), 403, .carddav("valid-address-data")),
        (.noUIDConflict("/x"), 403, .carddav("no-uid-conflict")),
    ])
    func `each precondition has its status`(
        refusal: Refusal,
        status: Int,
        condition: QualifiedName
    ) {
        #expect(refusal.status == status)
        #expect(refusal.condition == condition)
    }

    @Test func `Thunderbird: the status line is spelled as it compares it`() {
        #expect(StatusLine.text(200) == "HTTP/1.1 200 OK")
        #expect(StatusLine.text(404) == "HTTP/1.1 404 Not Found")
    }

    private func body(_ refusal: Refusal) throws -> XMLElement? {
        try read(String(decoding: refusal.body(), as: UTF8.self))
    }
}
