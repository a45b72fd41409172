import TestSupport
import Testing
import WebDAV

struct ThunderbirdTests {
    @Test func `RFC 6764 §6: Thunderbird finds the first book from the host alone`() throws {
        try withServer { server throws in
            let device = try Thunderbird(server)

            let steps = device.wire.exchanges.map { "\($0.method) \($0.path) \($0.status)" }
            #expect(
                steps == [
                    "PROPFIND / 301", "PROPFIND /dav/ 401", "PROPFIND /dav/ 207",
                    "PROPFIND /dav/principals/me/ 207", "PROPFIND /dav/addressbooks/ 207",
                ]
            )
            #expect(device.book == "/dav/addressbooks/default/")
            #expect(!device.title.isEmpty)
            #expect(device.isWritable)
            #expect(try !Thunderbird(server, user: TestServer.reader).isWritable)
        }
    }

    @Test func `RFC 6764 §5: Thunderbird's well-known question stays on the same origin`() throws {
        try withServer { server throws in
            let wire = try Thunderbird(server).wire
            // It aborts where a redirect with credentials leads to another origin.
            let (answer, path) = try wire.sendFollowing(
                "PROPFIND",
                "/.well-known/carddav",
                [("Depth", "0"), ("Content-Type", "text/xml")],
                body: ThunderbirdBodies.wellKnown
            )

            let response = try #require(try Wire.multistatus(answer).responses.first)
            #expect(path == "/dav/")
            #expect(response.found(.dav("current-user-principal"))?.href == "/dav/principals/me/")
        }
    }

    @Test func `RFC 6352 §8.7: Thunderbird fetches 500 at a time, and later all changes at once`()
        throws
    {
        try withServer { server throws in
            let other = try Outlook(server)
            let early = try Thunderbird(server)
            try early.sync()
            for number in 0..<510 { other.add("N \(number)", uid: "n\(number)") }
            try other.sync()
            let late = try Thunderbird(server)

            let first = try late.methods { try late.sync() }
            let later = try early.methods { try early.sync() }

            #expect(first == ["PROPFIND", "REPORT", "REPORT", "PROPFIND"])
            // It does not come back for the rest of an answer that was cut off.
            #expect(later == ["REPORT"])
            #expect(late.contacts.names.count == 510)
            #expect(early.contacts.names == late.contacts.names)
        }
    }

    @Test func `RFC 6352 §6.3.2.3: Thunderbird reads each card back and so takes what was stored`()
        throws
    {
        try withServer { server throws in
            let device = try Thunderbird(server)
            device.add("No UID", uid: "a")
            let href = "\(device.book)a.vcf"
            device.contacts.all[href]?.text =
                "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:No UID\r\nN:UID;No;;;\r\nEND:VCARD\r\n"

            let methods = try device.methods { try device.sync() }

            #expect(methods.prefix(2) == ["PUT", "REPORT"])
            let stored = try server.request("GET", href)
            #expect(device.contacts.all[href]?.text == stored.text)
            #expect(device.contacts.all[href]?.etag == stored["etag"])
            #expect(!CardText.value("UID", in: stored.text).isEmpty)
        }
    }

    @Test
    func `RFC 6578 §3.2: a token that Thunderbird holds works after a restart and any writes`()
        throws
    {
        try withServer { server throws in
            let device = try Thunderbird(server)
            let other = try Outlook(server)
            try device.sync()
            for round in 0..<5 {
                other.add("Round \(round)", uid: "r\(round)")
                try other.sync()
                server.stopBackend("default")
                try server.startBackend("default")
            }

            try device.sync()

            #expect(device.contacts.names.count == 5)
        }
    }

    /// It takes 207 and 400 for an answer, and would never recover from the 403 that the RFC demands
    /// and that all others get.
    @Test func `RFC 6578 §3.2: Thunderbird starts anew at a token that was never given`() throws {
        try withServer { server throws in
            let device = try Thunderbird(server)
            try device.sync()
            device.pretend(syncToken: "http://example.com/another/server/1")

            try device.sync()

            #expect(device.wire.exchanges.contains { $0.status == 400 })
            #expect(device.wire.exchanges.last?.status == 207)
        }
    }

    @Test func `RFC 9110 §9.3.5: Thunderbird deletes without a condition what may be gone`() throws
    {
        try withServer { server throws in
            let device = try Thunderbird(server)
            device.add("A", uid: "a")
            try device.sync()
            _ = try server.request("DELETE", "\(device.book)a.vcf")
            device.remove("a")

            try device.sync()

            #expect(device.contacts.all.isEmpty)
        }
    }
}
