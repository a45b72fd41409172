import TestSupport
import Testing
import WebDAV

struct EvolutionTests {
    @Test func `RFC 6764 §6: Evolution finds a book, and OPTIONS on it tells addressbook`() throws {
        try withServer { server throws in
            let device = try Evolution(server)

            let steps = device.wire.exchanges.map { "\($0.method) \($0.path) \($0.status)" }
            let book = "/dav/addressbooks/default/"
            #expect(
                steps == [
                    "PROPFIND / 301", "PROPFIND /dav/ 401", "PROPFIND /dav/ 207",
                    "PROPFIND /dav/addressbooks/ 207", "OPTIONS \(book) 200",
                    "PROPFIND \(book) 207", "PROPFIND \(book) 207",
                ]
            )
            #expect(!device.title.isEmpty)
            #expect(device.isWritable)
            #expect(try !Evolution(server, user: TestServer.reader).isWritable)
        }
    }

    @Test func `RFC 6352 §8.7: Evolution gets 250 cards in the order that it asks for them`() throws
    {
        try withServer { server throws in
            let other = try Outlook(server)
            for number in 0..<250 { other.add("N \(number)", uid: "n@\(number)") }
            try other.sync()
            let device = try Evolution(server)

            let methods = try device.methods { try device.sync() }

            #expect(methods == ["PROPFIND", "REPORT", "REPORT", "REPORT", "REPORT"])
            #expect(device.contacts.names == other.contacts.names)
        }
    }

    @Test func `RFC 6578 §3.2: Evolution starts anew after an unknown token`() throws {
        try withServer { server throws in
            let device = try Evolution(server)
            device.add("Stays", uid: "a")
            device.add("Goes", uid: "b")
            try device.sync()
            _ = try server.request("DELETE", "\(device.book)b.vcf")
            device.pretend(syncToken: "urn:another:server:1")

            try device.sync()

            #expect(device.contacts.names == ["a": "Stays"])
        }
    }

    @Test func `RFC 6352 §6.3.2.3: Evolution reads back with an ETag what was not kept as sent`()
        throws
    {
        try withServer { server throws in
            let device = try Evolution(server)
            device.add("No UID", uid: "a")
            let href = "\(device.book)a.vcf"
            device.contacts.all[href]?.text =
                "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:No UID\r\nN:UID;No;;;\r\nEND:VCARD\r\n"
            device.add("Kept", uid: "b")

            let methods = try device.methods { try device.sync() }

            #expect(methods.prefix(3) == ["PUT", "GET", "PUT"])
            #expect(!methods.dropFirst(3).contains("GET"))
            #expect(device.contacts.all[href]?.text.contains("UID:") == true)
        }
    }

    @Test func `calendarserver getctag: it changes with the book's content and with nothing else`()
        throws
    {
        try withServer { server throws in
            let book = "/dav/addressbooks/default/"
            func tag() throws -> String {
                try server.propfind(book, "<CS:getctag/>").responses.first?
                    .property(.calendarServer("getctag"))?.text ?? ""
            }
            let card = TestCard.text("A", uid: "a")
            let empty = try tag()
            _ = try server.request("PUT", "\(book)a.vcf", body: card)
            let one = try tag()
            _ = try server.request("MKCOL", "/dav/addressbooks/other/")
            _ = try server.request("PUT", "/dav/addressbooks/other/b.vcf", body: card)
            let same = try tag()
            _ = try server.request("PUT", "\(book)a.vcf", body: TestCard.text("B", uid: "a"))
            let edited = try tag()
            _ = try server.request("DELETE", "\(book)a.vcf")

            #expect(!empty.isEmpty)
            #expect(one == same)
            #expect(Set([empty, one, edited]).count == 3)
        }
    }

    @Test func `RFC 6352 §8.6: Evolution's query without a filter tells version and UID of all`()
        throws
    {
        try withServer { server throws in
            let device = try Evolution(server)
            device.add("A", uid: "a")
            device.add("B", uid: "b")
            try device.sync()

            let answer = try device.wire.send(
                "REPORT",
                device.book,
                [("Depth", "0"), ("Content-Type", "application/xml; charset=\"utf-8\"")],
                body: EvolutionBodies.existing
            )

            let responses = try Wire.multistatus(answer).responses
            #expect(responses.map(\.href) == ["a", "b"].map { "\(device.book)\($0).vcf" })
            let data = try #require(responses.first?.found(.carddav("address-data"))?.text)
            #expect(CardText.value("UID", in: data) == "a")
            #expect(CardText.value("N", in: data).isEmpty)
        }
    }
}
