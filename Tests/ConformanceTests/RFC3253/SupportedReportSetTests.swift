import TestSupport
import Testing
import WebDAV

struct SupportedReportSetTests {
    private static let everywhere = [
        "/dav/", "/dav/principals/", "/dav/principals/me/", "/dav/addressbooks/",
        "/dav/addressbooks/default/", "/dav/addressbooks/default/a.vcf",
    ]
    private static let reports: [QualifiedName] = [
        .dav("expand-property"), .dav("acl-principal-prop-set"), .dav("principal-match"),
        .dav("principal-property-search"), .dav("principal-search-property-set"),
        .dav("sync-collection"), .carddav("addressbook-query"), .carddav("addressbook-multiget"),
        .dav("version-tree"),
    ]

    @Test func `RFC 3253 §3.1.5: a report is told where it works, and refused elsewhere`() throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            for path in Self.everywhere {
                let set = try server.propfind(path, "<D:supported-report-set/>").responses.first?
                    .property(.dav("supported-report-set"))
                let told = set?.children.compactMap {
                    $0.first(.dav("report"))?.children.first?.name
                }
                for report in Self.reports {
                    let answer = try server.report(
                        path,
                        "<x:\(report.localName) xmlns:x=\"\(report.namespace)\"/>",
                        [:]
                    )
                    let isRefused = answer.text.contains("<D:supported-report>")
                    #expect(told?.contains(report) == !isRefused, "\(report) on \(path)")
                }
            }
        }
    }

    @Test func `RFC 3744 §9.1: expand-property works on every resource`() throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            for path in Self.everywhere {
                let answer = try server.report(path, "<D:expand-property xmlns:D=\"DAV:\"/>", [:])
                #expect(answer.status == 207, "\(path)")
            }
        }
    }
}
