import Foundation
import TestSupport
import Testing
import WebDAV

struct QuotaTests {
    @Test func `RFC 4331 §3: collections tell the room that the disk has`() throws {
        try withServer { server throws in
            var figures = statvfs()
            #expect(statvfs(server.store(), &figures) == 0)
            let block = UInt64(figures.f_frsize)
            let whole = UInt64(figures.f_blocks) * block

            for path in ["/dav/addressbooks/", "/dav/addressbooks/default/"] {
                let answer = try server.propfind(
                    path,
                    "<D:quota-available-bytes/><D:quota-used-bytes/>"
                )
                let response = try #require(answer.responses.first)
                let number = { (name: String) in
                    response.property(.dav(name)).flatMap { UInt64($0.text) }
                }
                let available = try #require(number("quota-available-bytes"))
                let used = try #require(number("quota-used-bytes"))

                // Others write to the disk while the test runs.
                let slack = max(whole / 10, 1 << 30)
                #expect(Self.distance(available, UInt64(figures.f_bavail) * block) < slack)
                #expect(Self.distance(used, whole - UInt64(figures.f_bfree) * block) < slack)
                #expect(available > 0 && used > 0)
                #expect(available + used <= whole)
            }
        }
    }

    @Test func `RFC 4331 §2: allprop leaves it out, propname names it, cards have none`() throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            let body = { (form: String) in
                "<D:propfind xmlns:D=\"DAV:\"><D:\(form)/></D:propfind>"
            }
            let names = { (form: String, path: String) in
                try Multistatus(
                    server.request("PROPFIND", path, ["Depth": "0"], body: body(form))
                ).responses.first?.propstats.first?.properties.map(\.name) ?? []
            }

            let book = "/dav/addressbooks/default/"
            #expect(try !names("allprop", book).contains(.dav("quota-used-bytes")))
            #expect(try names("propname", book).contains(.dav("quota-used-bytes")))
            #expect(try names("propname", book).contains(.dav("quota-available-bytes")))
            #expect(try !names("propname", "\(book)a.vcf").contains(.dav("quota-used-bytes")))
        }
    }

    private static func distance(_ left: UInt64, _ right: UInt64) -> UInt64 {
        left > right ? left - right : right - left
    }
}
