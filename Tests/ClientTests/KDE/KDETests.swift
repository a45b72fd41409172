import TestSupport
import Testing
import WebDAV

struct KDETests {
    @Test func `RFC 6352 §7.1.1: KDE finds the home from the principal's URL, bare requests first`()
        throws
    {
        try withServer { server throws in
            let device = try KDE(server)

            let steps = device.wire.exchanges.map { "\($0.method) \($0.path) \($0.status)" }
            #expect(
                steps == [
                    "PROPFIND /dav/principals/me/ 401", "PROPFIND /dav/principals/me/ 207",
                    "PROPFIND /dav/addressbooks/ 401", "PROPFIND /dav/addressbooks/ 207",
                ]
            )
            #expect(device.book == "/dav/addressbooks/default/")
            #expect(!device.title.isEmpty)
        }
    }

    @Test func `RFC 9110 §11.6.1: a PUT without credentials is challenged, body and all`() throws {
        try withServer { server throws in
            let device = try KDE(server)
            for number in 0..<40 { device.add("N \(number)", uid: "n\(number)") }

            try device.sync()

            let puts = device.wire.exchanges.filter { $0.method == "PUT" }
            #expect(puts.map(\.status) == (0..<40).flatMap { _ in [401, 201] })
            // None of these counts as a failed login: the next one is let in at once.
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }

    @Test func `RFC 9110 §11.6.1: the challenge does not wait for the body`() throws {
        try withServer { server throws in
            let connection = try HTTPConnection(port: server.port)
            let head =
                "PUT /dav/addressbooks/default/a.vcf HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: text/vcard\r\nContent-Length: 1000000\r\n\r\nBEGIN:VCARD"

            try connection.send(Array(head.utf8))

            #expect(try connection.readAnswer().status == 401)
        }
    }

    @Test func `RFC 6352 §8.7: hrefs with the user's name and host in them are answered`() throws {
        try withServer { server throws in
            let other = try Outlook(server)
            other.add("At", uid: "a@example.com")
            other.add("Plain", uid: "b")
            try other.sync()
            let device = try KDE(server)

            try device.sync()

            #expect(device.contacts.names == ["a@example.com": "At", "b": "Plain"])
        }
    }

    @Test func `RFC 9110 §8.8.3: an ETag is spelled the same in GET, PROPFIND and REPORT`() throws {
        try withServer { server throws in
            let device = try KDE(server)
            device.add("A", uid: "a")
            try device.sync()

            // It keeps the tag of the GET as it is spelled; another spelling in the listing would
            // make it fetch the card again.
            let methods = try device.methods {
                device.add("B", uid: "b")
                try device.sync()
            }

            #expect(methods == ["PUT", "GET", "PROPFIND", "PROPFIND"])
        }
    }

    @Test func `RFC 9110 §13.1.1: KDE sees the server's card where its own condition failed`()
        throws
    {
        try withServer { server throws in
            let device = try KDE(server)
            device.add("Before", uid: "a")
            device.add("Goes", uid: "b")
            try device.sync()
            let path = "\(device.book)a.vcf"
            _ = try server.request("PUT", path, body: TestCard.text("There", uid: "a"))
            _ = try server.request("DELETE", "\(device.book)b.vcf")
            device.rename("a", to: "Here")
            device.remove("b")

            try device.sync()

            #expect(device.contacts.names == ["a": "There"])
            #expect(device.wire.exchanges.contains { $0.method == "PUT" && $0.status == 412 })
        }
    }
}
