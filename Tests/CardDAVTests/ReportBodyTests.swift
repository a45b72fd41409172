import CardDAV
import Testing
import WebDAV

/// The bodies of the two reports: RFC 6352 §10.3, §10.7.
struct ReportBodyTests {
    @Test func `RFC 6352 §10.3: a query has properties, a filter and a limit`() throws {
        let query = try AddressbookQuery(
            element(
                """
                <addressbook-query><D:prop><D:getetag/><address-data/></D:prop>\
                <filter><prop-filter name='FN'/></filter>\
                <limit><nresults> 5 </nresults></limit></addressbook-query>
                """
            )
        )

        #expect(query.request.asked == [.dav("getetag"), .carddav("address-data")])
        #expect(!query.filter.matchesEverything)
        #expect(query.limit == 5)
    }

    @Test func `Evolution: a query without a filter is for every card`() throws {
        let query = try AddressbookQuery(
            element("<addressbook-query><D:prop/></addressbook-query>")
        )

        #expect(query.filter.matchesEverything)
        #expect(query.limit == nil)
    }

    @Test func `RFC 6352 §10.6.1: a limit of another namespace is none, of no digits is 400`()
        throws
    {
        let other = try AddressbookQuery(
            element(
                "<addressbook-query><D:limit><D:nresults>1</D:nresults></D:limit></addressbook-query>"
            )
        )
        let wrong = try element(
            "<addressbook-query><limit><nresults>few</nresults></limit></addressbook-query>"
        )

        #expect(other.limit == nil)
        #expect(refusal { try AddressbookQuery(wrong) }?.status == 400)
    }

    @Test func `RFC 6352 §10.7: a multiget keeps the hrefs as they came, in their order`() throws {
        let multiget = try AddressbookMultiget(
            element(
                """
                <addressbook-multiget><D:prop><address-data><prop name='FN'/></address-data></D:prop>
                <D:href>/b/2%40.vcf</D:href><D:href>
                  http://u@h/b/1.vcf
                </D:href><D:href>/b/2%40.vcf</D:href></addressbook-multiget>
                """
            )
        )

        #expect(multiget.hrefs == ["/b/2%40.vcf", "http://u@h/b/1.vcf", "/b/2%40.vcf"])
        #expect(multiget.request.asked == [.carddav("address-data")])
    }

    @Test func `RFC 6352 §10.7: a multiget names at least one card`() throws {
        let body = try element("<addressbook-multiget><D:prop/></addressbook-multiget>")

        #expect(refusal { try AddressbookMultiget(body) }?.status == 400)
    }

    @Test func `a body of another root is 400`() throws {
        let body = try element("<other><D:href>/x</D:href></other>")

        #expect(refusal { try AddressbookMultiget(body) }?.status == 400)
        #expect(refusal { try AddressbookQuery(body) }?.status == 400)
    }
}
