import TestSupport
import Testing

struct DAVx5Tests {
    @Test func `RFC 6764 §6: DAVx5 finds the first book from the host alone`() throws {
        try withServer { server throws in
            let device = try DAVx5(server)

            let steps = device.wire.exchanges.map { "\($0.method) \($0.path) \($0.status)" }
            #expect(
                steps == [
                    "PROPFIND / 301", "PROPFIND /dav/ 401", "PROPFIND /dav/ 207",
                    "OPTIONS /dav/principals/me/ 200", "PROPFIND /dav/principals/me/ 207",
                    "PROPFIND /dav/addressbooks/ 207",
                ]
            )
            #expect(device.book == "/dav/addressbooks/default/")
            #expect(!device.title.isEmpty)
            #expect(device.isWritable)
        }
    }

    @Test func `RFC 3744 §5.4: DAVx5 shows a reader's book as read-only and takes edits back`()
        throws
    {
        try withServer { server throws in
            let writer = try DAVx5(server)
            writer.add("Before", uid: "a")
            try writer.sync()
            let reader = try DAVx5(server, user: TestServer.reader)
            try reader.sync()

            reader.rename("a", to: "Not allowed")
            try reader.sync()

            #expect(!reader.isWritable)
            #expect(reader.contacts.names == ["a": "Before"])
            #expect(reader.wire.exchanges.contains { $0.method == "PUT" && $0.status == 403 })
        }
    }

    @Test func `RFC 6352 §8.7: DAVx5 fetches ten cards at a time, and its writes need no fetch`()
        throws
    {
        try withServer { server throws in
            let one = try DAVx5(server)
            let other = try DAVx5(server)
            for number in 0..<25 { one.add("N \(number)", uid: "n\(number)") }

            let sent = try one.methods { try one.sync() }
            let fetched = try other.methods { try other.sync() }

            // Each PUT gives the ETag of what was sent: nothing is left to be read back.
            #expect(sent == Array(repeating: "PUT", count: 25) + ["PROPFIND", "REPORT"])
            #expect(fetched == ["PROPFIND"] + Array(repeating: "REPORT", count: 1 + 3))
            #expect(other.contacts.names.count == 25)
            let etags = one.contacts.all.values.map { $0.etag ?? "" }
            #expect(etags.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isHexDigit) })
        }
    }

    @Test func `RFC 6578 §3.2: DAVx5 starts anew after an unknown token and sees what is gone`()
        throws
    {
        try withServer { server throws in
            let device = try DAVx5(server)
            device.add("Stays", uid: "a")
            device.add("Goes", uid: "b")
            try device.sync()
            _ = try server.request("DELETE", "\(device.book)b.vcf")
            device.pretend(syncToken: "everlock-sync:0123456789012345678901234567890123456789")

            try device.sync()

            #expect(device.contacts.names == ["a": "Stays"])
            #expect(device.wire.exchanges.contains { $0.method == "REPORT" && $0.status == 403 })
        }
    }

    @Test func `RFC 9110 §13.1.1: DAVx5 gives up an edit of a card that is gone, without an error`()
        throws
    {
        try withServer { server throws in
            let device = try DAVx5(server)
            device.add("Goes", uid: "a")
            try device.sync()
            _ = try server.request("DELETE", "\(device.book)a.vcf")
            device.rename("a", to: "Edited too late")

            try device.sync()

            #expect(device.contacts.names.isEmpty)
            #expect(device.wire.exchanges.contains { $0.method == "PUT" && $0.status == 412 })
        }
    }

    @Test func `RFC 6350 §6.1.4: a group as DAVx5 writes it comes back byte for byte`() throws {
        try withServer { server throws in
            let device = try DAVx5(server)
            let group = """
                BEGIN:VCARD\r
                VERSION:4.0\r
                PRODID:+//IDN bitfire.at//DAVx5/4.5.4-ose ez-vcard/0.12.1\r
                UID:group-1\r
                FN:Family\r
                KIND:group\r
                MEMBER:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af\r
                END:VCARD\r

                """
            device.add("Family", uid: "group-1")
            device.contacts.all["\(device.book)group-1.vcf"]?.text = group

            try device.sync()

            #expect(try server.request("GET", "\(device.book)group-1.vcf").text == group)
        }
    }
}
