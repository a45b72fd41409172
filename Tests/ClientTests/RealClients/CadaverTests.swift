import Foundation
import TestSupport
import Testing

/// cadaver from Debian, the command line client for WebDAV: the plain methods.
struct CadaverTests {
    @Test func `cadaver makes a book, puts a card into it, reads it, and removes both`() throws {
        try withServer { server throws in
            let home = server.folder.appending(path: "cadaver")
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            let (name, password) = TestServer.writer
            // The only way to give it a password without a terminal; quotes hold the space.
            try Data("machine 127.0.0.1\nlogin \(name)\npassword \"\(password)\"\n".utf8)
                .write(to: home.appending(path: ".netrc"))
            let card = TestCard.text("From cadaver", uid: "c-1")
            try Data(card.utf8).write(to: home.appending(path: "card.vcf"))
            let commands = """
                open http://127.0.0.1:\(server.port)/dav/addressbooks/
                ls
                mkcol friends
                cd friends
                put card.vcf c-1.vcf
                ls
                propget c-1.vcf
                get c-1.vcf back.vcf
                delete c-1.vcf
                cd ..
                rmcol friends
                quit

                """

            let output = try Client.run("/usr/bin/cadaver", [], home: home, input: commands)

            #expect(output.contains("Coll:   default"))
            #expect(output.contains("Creating `friends': succeeded."))
            #expect(output.contains("to `/dav/addressbooks/friends/c-1.vcf':"))
            #expect(output.contains("getcontenttype = text/vcard; charset=utf-8"))
            #expect(output.contains("Deleting `c-1.vcf': succeeded."))
            #expect(output.contains("Deleting collection `friends': succeeded."))
            #expect(!output.contains("failed"))
            let back = try String(contentsOf: home.appending(path: "back.vcf"), encoding: .utf8)
            #expect(back == card)
            #expect(try server.request("PROPFIND", "/dav/addressbooks/friends/").status == 404)
        }
    }
}
