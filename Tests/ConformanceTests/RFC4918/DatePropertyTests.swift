import Foundation
import TestSupport
import Testing
import WebDAV

struct DatePropertyTests {
    private static let book = "/dav/addressbooks/default/"

    private static func dates(
        _ server: TestServer,
        _ path: String
    ) throws -> (created: Date?, modified: Date?) {
        let answer = try server.propfind(path, "<D:creationdate/><D:getlastmodified/>")
        let response = answer.responses.first
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return (
            response?.property(.dav("creationdate")).flatMap {
                ISO8601DateFormatter().date(from: $0.text)
            },
            response?.property(.dav("getlastmodified")).flatMap { format.date(from: $0.text) }
        )
    }

    private static func wait(seconds: Double) { usleep(UInt32(seconds * 1_000_000)) }

    @Test func `RFC 4918 §15.1: a card keeps the time it was made when it is changed, §15.7 not`()
        throws
    {
        try withServer { server throws in
            let path = "\(Self.book)a.vcf"
            let start = Date()
            _ = try server.request("PUT", path, body: TestCard.text("A", uid: "1"))
            let first = try Self.dates(server, path)
            Self.wait(seconds: 1.1)
            _ = try server.request("PUT", path, body: TestCard.text("B", uid: "1"))
            server.stopBackend("default")
            try server.startBackend("default")
            let second = try Self.dates(server, path)

            let created = try #require(first.created)
            #expect(abs(created.timeIntervalSince(start)) < 60)
            #expect(first.modified == created)
            #expect(second.created == created)
            #expect(try #require(second.modified) > created)
        }
    }

    @Test func `RFC 4918 §15.7: a book is changed when a card of it is, even by deletion`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", "\(Self.book)a.vcf", body: TestCard.text("A", uid: "1"))
            let first = try Self.dates(server, Self.book)
            Self.wait(seconds: 1.1)
            _ = try server.request("DELETE", "\(Self.book)a.vcf")
            let second = try Self.dates(server, Self.book)

            #expect(first.created != nil && second.created == first.created)
            #expect(try #require(second.modified) > #require(first.modified))
        }
    }

    @Test func `RFC 4918 §15.1: what the server has made itself claims no time`() throws {
        try withServer { server throws in
            for path in ["/dav/", "/dav/principals/me/", "/dav/addressbooks/"] {
                let dates = try Self.dates(server, path)
                #expect(dates.created == nil && dates.modified == nil)
            }
        }
    }
}
