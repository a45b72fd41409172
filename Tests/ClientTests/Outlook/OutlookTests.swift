import TestSupport
import Testing
import WebDAV

struct OutlookTests {
    @Test func `RFC 6764 §5: Outlook finds the first book by the well-known URI`() throws {
        try withServer { server throws in
            let device = try Outlook(server)

            let steps = device.wire.exchanges.prefix(5).map {
                "\($0.method) \($0.path) \($0.status)"
            }
            #expect(
                steps == [
                    "PROPFIND /.well-known/carddav 301", "PROPFIND /dav/ 401",
                    "PROPFIND /dav/ 207", "PROPFIND /dav/principals/me/ 207",
                    "PROPFIND /dav/addressbooks/ 207",
                ]
            )
            #expect(device.isWritable)
            #expect(try !Outlook(server, user: TestServer.reader).isWritable)
        }
    }

    @Test func `RFC 5689 §3: Outlook makes a book and names it, and sees it with that name`() throws
    {
        try withServer { server throws in
            let device = try Outlook(server)
            let path = "/dav/addressbooks/fc1f7f1e-6a0c-4f0a-9f0c-0f2f3c1d4e5f/"

            try device.makeBook(path, "Kunden & Lieferanten".replacing("&", with: "&amp;"))

            let books = try device.list("/dav/addressbooks/")
            #expect(books.contains { $0 == (path, "Kunden & Lieferanten") })
        }
    }

    @Test func `RFC 4918 §15.2: a book that nobody named has a name, and so is shown`() throws {
        try withServer { server throws in
            let device = try Outlook(server)
            _ = try server.request("MKCOL", "/dav/addressbooks/bare/")

            let books = try device.list("/dav/addressbooks/")

            #expect(books.map(\.path).contains("/dav/addressbooks/bare/"))
            #expect(!books.contains { $0.title.isEmpty || $0.title == "Default Addressbook" })
        }
    }

    @Test func `RFC 6578 §3.2: Outlook takes DAV:error/DAV:valid-sync-token for a new start`()
        throws
    {
        try withServer { server throws in
            let device = try Outlook(server)
            device.add("Stays", uid: "a")
            device.add("Goes", uid: "b")
            try device.sync()
            _ = try server.request("DELETE", "\(device.book)b.vcf")
            device.pretend(syncToken: "http://example.com/sync/12")

            try device.sync()

            #expect(device.contacts.names == ["a": "Stays"])
        }
    }

    @Test func `RFC 4918 §9.1: Outlook syncs by listing ETags, the book itself among them`() throws
    {
        try withServer { server throws in
            let one = try Outlook(server)
            let other = try Outlook(server)
            one.add("A", uid: "a")
            one.add("B b@c", uid: "b b@c".replacing(" ", with: "-"))
            try one.syncByListing()
            try other.syncByListing()
            other.remove("a")
            try other.syncByListing()
            try one.syncByListing()

            #expect(one.contacts.names == other.contacts.names)
            #expect(one.contacts.names == ["b-b@c": "B b@c"])
        }
    }

    @Test func `A distribution list as Outlook writes it comes back byte for byte`() throws {
        try withServer { server throws in
            let device = try Outlook(server)
            let list = """
                BEGIN:VCARD\r
                VERSION:3.0\r
                UID:list-1\r
                FN:Team\r
                N:Team;;;;\r
                X-ADDRESSBOOKSERVER-KIND:group\r
                X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:5f9c1b2a-8d3e-4f6a-9b7c-1d2e3f4a5b6c\r
                END:VCARD\r

                """
            device.add("Team", uid: "list-1")
            device.contacts.all["\(device.book)list-1.vcf"]?.text = list

            try device.sync()

            #expect(try server.request("GET", "\(device.book)list-1.vcf").text == list)
        }
    }
}
