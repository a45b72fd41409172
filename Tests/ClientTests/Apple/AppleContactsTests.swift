import TestSupport
import Testing
import WebDAV

struct AppleContactsTests {
    @Test func `RFC 6764 §5: iOS sets itself up, each request first without credentials`() throws {
        try withServer { server throws in
            let device = try AppleContacts(server)

            let steps = device.wire.exchanges.map { "\($0.method) \($0.path) \($0.status)" }
            #expect(
                steps == [
                    "PROPFIND /.well-known/carddav 301",
                    "PROPFIND /dav/ 401", "PROPFIND /dav/ 207",
                    "OPTIONS /dav/principals/me/ 401", "OPTIONS /dav/principals/me/ 200",
                    "PROPFIND /dav/principals/me/ 401", "PROPFIND /dav/principals/me/ 207",
                    "PROPFIND /dav/addressbooks/ 401", "PROPFIND /dav/addressbooks/ 207",
                ]
            )
            #expect(device.isWritable)
            #expect(try !AppleContacts(server, user: TestServer.reader).isWritable)
        }
    }

    @Test func `RFC 9110 §11.6.1: a hundred bare requests lock nobody out`() throws {
        try withServer { server throws in
            for _ in 0..<100 {
                let answer = try server.request("PROPFIND", "/dav/principals/me/", user: nil)
                try #require(answer.status == 401)
                try #require(answer["www-authenticate"] != nil)
            }

            #expect(try AppleContacts(server).books.count == 1)
        }
    }

    @Test func `macOS shows the book named default, iOS shows all, default first`() throws {
        try withServer { server throws in
            for name in ["aaa", "zzz"] {
                _ = try server.request("MKCOL", "/dav/addressbooks/\(name)/")
            }

            let mac = try MacContacts(server)
            let phone = try AppleContacts(server)

            #expect(mac.books.map(\.path) == ["/dav/addressbooks/default/"])
            #expect(
                phone.books.map(\.path)
                    == ["default", "aaa", "zzz"].map { "/dav/addressbooks/\($0)/" }
            )
            #expect(phone.books.allSatisfy { !$0.title.isEmpty })
        }
    }

    @Test func `RFC 6578 §3.2: a token that macOS made up itself leads to a new start`() throws {
        try withServer { server throws in
            let device = try MacContacts(server)
            device.add("Stays", uid: "a")
            device.add("Goes", uid: "b")
            try device.sync()
            _ = try server.request("DELETE", "\(device.book)b.vcf")
            device.pretend(syncToken: "7A9E7C7D-2C0E-4C9B-8B7A-3A4C1E5E7B10")

            try device.sync()

            #expect(device.contacts.names == ["a": "Stays"])
            #expect(device.wire.exchanges.contains { $0.method == "REPORT" && $0.status == 403 })
            // The operator is told which device it was.
            let log = try server.text(of: "backend-default.log")
            #expect(log.contains("a sync token is not known"))
            #expect(log.contains("AddressBookCore"))
        }
    }

    @Test func `calendarserver me-card: writing it on the home is answered as PROPPATCH is`() throws
    {
        try withServer { server throws in
            let device = try AppleContacts(server)
            device.add("Me", uid: "me")
            try device.sync()

            let answer = try device.sendMeCard("\(device.book)me.vcf")

            // `Brief: t` spares the body where all is well, as RFC 8144 §2.2 has it.
            if answer.status == 200, answer.body.isEmpty { return }
            let response = try #require(try Wire.multistatus(answer).responses.first)
            let propstat = try #require(response.first(.dav("propstat")))
            #expect(response.href == device.home)
            #expect(propstat.first([.dav("prop"), .calendarServer("me-card")]) != nil)
            let status = propstat.first(.dav("status"))?.text
            #expect(status == "HTTP/1.1 200 OK" || status == "HTTP/1.1 403 Forbidden")
        }
    }

    @Test func `A group as Contacts writes it comes to another device byte for byte`() throws {
        try withServer { server throws in
            let phone = try AppleContacts(server)
            let mac = try MacContacts(server)
            let group = """
                BEGIN:VCARD\r
                VERSION:3.0\r
                PRODID:-//Apple Inc.//macOS 15.6//EN\r
                N:Friends\r
                FN:Friends\r
                X-ADDRESSBOOKSERVER-KIND:group\r
                X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:0B3AA5F9-6F4B-4E8D-9C1B-2D9A5F0C7E11\r
                UID:5E3A3F0C-9C5B-4B0A-8F57-1A2B3C4D5E6F\r
                END:VCARD\r

                """
            let href = "\(phone.book)5E3A3F0C-9C5B-4B0A-8F57-1A2B3C4D5E6F.vcf"
            phone.add("Friends", uid: "5E3A3F0C-9C5B-4B0A-8F57-1A2B3C4D5E6F")
            phone.contacts.all[href]?.text = group

            try phone.sync()
            try mac.sync()

            #expect(mac.contacts.all[href]?.text == group)
        }
    }
}
