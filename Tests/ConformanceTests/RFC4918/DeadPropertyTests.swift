import Foundation
import TestSupport
import Testing
import WebDAV

struct DeadPropertyTests {
    private static let book = "/dav/addressbooks/default/"
    private static let color = QualifiedName("http://inf-it.com/ns/ab/", "addressbook-color")

    /// Edits the default book's `config.toml` by hand.
    private static func edit(_ server: TestServer, _ change: (String) -> String) throws {
        try server.pushWithGit { clone in
            let config = clone.appending(path: "default/config.toml")
            let text = try String(contentsOf: config, encoding: .utf8)
            try change(text).write(to: config, atomically: true, encoding: .utf8)
        }
    }

    @Test func `RFC 4918 §4.3: a dead property keeps order, white space, attributes and language`()
        throws
    {
        try withServer { server throws in
            let set = try server.proppatch(
                Self.book,
                """
                <D:set><D:prop xml:lang="de"><a:note xmlns:a="urn:a" xmlns:b="urn:b" b:k="1&#10;2" \
                plain='"'> One <b:em>two</b:em> three <none xmlns=""/>&lt;\n</a:note></D:prop></D:set>
                """
            )
            server.stopBackend("default")
            try server.startBackend("default")

            let read = try server.propfind(Self.book, "<x:note xmlns:x=\"urn:a\"/>")

            #expect(set.responses.first?.propstats.map(\.status) == ["HTTP/1.1 200 OK"])
            #expect(
                read.answer.text.contains(
                    "<note xmlns=\"urn:a\" xmlns:n1=\"urn:b\" n1:k=\"1&#10;2\" plain=\"&quot;\" "
                        + "xml:lang=\"de\"> One <em xmlns=\"urn:b\">two</em> three "
                        + "<none xmlns=\"\"/>&lt;\n</note>"
                )
            )
            let note = try #require(
                read.responses.first?.property(QualifiedName("urn:a", "note"))
            )
            #expect(note.children.map(\.name) == [QualifiedName("urn:b", "em"), .init("", "none")])
        }
    }

    @Test func `RFC 4918 §9.1: dead properties answer in prop, allprop and propname`() throws {
        try withServer { server throws in
            _ = try server.proppatch(
                Self.book,
                "<D:set><D:prop><i:addressbook-color xmlns:i=\"\(Self.color.namespace)\">#f80"
                    + "</i:addressbook-color><bare>1</bare></D:prop></D:set>"
            )

            let named = try server.propfind(
                Self.book,
                "<i:addressbook-color xmlns:i=\"\(Self.color.namespace)\"/><bare/>"
            )
            let all = try Multistatus(server.request("PROPFIND", Self.book, ["Depth": "0"]))
            let names = try Multistatus(
                server.request(
                    "PROPFIND",
                    Self.book,
                    ["Depth": "0"],
                    body: "<D:propfind xmlns:D=\"DAV:\"><D:propname/></D:propfind>"
                )
            )
            let elsewhere = try server.propfind(
                "/dav/addressbooks/",
                "<i:addressbook-color xmlns:i=\"\(Self.color.namespace)\"/>"
            )

            for answer in [named, all] {
                #expect(answer.responses.first?.property(Self.color)?.text == "#f80")
                #expect(answer.responses.first?.property(QualifiedName("", "bare"))?.text == "1")
            }
            #expect(names.responses.first?.property(Self.color)?.text.isEmpty == true)
            #expect(elsewhere.responses.first?.missing == [Self.color])
        }
    }

    @Test func `RFC 4918 §14.23: a removed dead property is gone, removing it again no error`()
        throws
    {
        try withServer { server throws in
            let remove = "<D:remove><D:prop><x:y xmlns:x=\"urn:x\"/></D:prop></D:remove>"
            _ = try server.proppatch(
                Self.book,
                "<D:set><D:prop><x:y xmlns:x=\"urn:x\">1</x:y></D:prop></D:set>"
            )

            let first = try server.proppatch(Self.book, remove)
            let second = try server.proppatch(Self.book, remove)

            let read = try server.propfind(Self.book, "<x:y xmlns:x=\"urn:x\"/>")
            for answer in [first, second] {
                #expect(answer.responses.first?.propstats.map(\.status) == ["HTTP/1.1 200 OK"])
            }
            #expect(read.responses.first?.missing == [QualifiedName("urn:x", "y")])
        }
    }

    @Test func `RFC 4918 §9.2: set, remove and set again are done in the order they come`() throws {
        try withServer { server throws in
            let name = "x:y xmlns:x=\"urn:x\""
            let answer = try server.proppatch(
                Self.book,
                "<D:set><D:prop><\(name)>1</x:y></D:prop></D:set>"
                    + "<D:remove><D:prop><\(name)/></D:prop></D:remove>"
                    + "<D:set><D:prop><\(name)>2</x:y></D:prop></D:set>"
            )

            let read = try server.propfind(Self.book, "<\(name)/>")
            #expect(answer.responses.first?.propstats.first?.properties.count == 1)
            #expect(read.responses.first?.property(QualifiedName("urn:x", "y"))?.text == "2")
        }
    }

    @Test func `RFC 4918 §9.2.1: what there is no room for fails all with 507, the rest with 424`()
        throws
    {
        try withServer { server throws in
            let long = String(repeating: "x", count: 60_000)
            let many = (0..<65).map { "<x:p\($0) xmlns:x=\"urn:x\"/>" }.joined()
            for values in [
                "<D:displayname>N</D:displayname><x:a xmlns:x=\"urn:x\">\(long)</x:a>"
                    + "<x:b xmlns:x=\"urn:x\">\(long)</x:b>",
                "<D:displayname>N</D:displayname>\(many)",
                "<x:c xmlns:x=\"urn:x\"/><D:displayname>\(long)</D:displayname>",
            ] {
                let answer = try server.proppatch(
                    Self.book,
                    "<D:set><D:prop>\(values)</D:prop></D:set>"
                )

                #expect(
                    answer.responses.first?.propstats.map(\.status) == [
                        "HTTP/1.1 424 Failed Dependency", "HTTP/1.1 507 Insufficient Storage",
                    ]
                )
            }
            let read = try server.propfind(Self.book, "<D:displayname/><x:a xmlns:x=\"urn:x\"/>")
            #expect(read.responses.first?.property(.dav("displayname"))?.text == "Contacts")
            #expect(read.responses.first?.missing == [QualifiedName("urn:x", "a")])
        }
    }

    @Test func `RFC 4918 §9.2: names that the RFCs give out are protected`() throws {
        try withServer { server throws in
            let answer = try server.proppatch(
                Self.book,
                "<D:set><D:prop><D:lockdiscovery/><C:invented/><D:getetag/></D:prop></D:set>"
            )

            let propstats = answer.responses.first?.propstats ?? []
            #expect(propstats.map(\.status) == ["HTTP/1.1 403 Forbidden"])
            #expect(propstats.first?.properties.count == 3)
            #expect(answer.answer.text.contains("<D:cannot-modify-protected-property/>"))
        }
    }

    @Test func `RFC 4918 §4.1: dead properties stand in config.toml for people to read`() throws {
        try withServer { server throws in
            _ = try server.proppatch(
                Self.book,
                "<D:set><D:prop><i:addressbook-color xmlns:i=\"\(Self.color.namespace)\">#f80"
                    + "</i:addressbook-color></D:prop></D:set>"
            )

            let config = try server.git("default", "show", "HEAD:default/config.toml").output

            #expect(
                config.hasSuffix(
                    """

                    [[property]]
                    namespace = "http://inf-it.com/ns/ab/"
                    name = "addressbook-color"
                    xml = '<addressbook-color xmlns="http://inf-it.com/ns/ab/">#f80\
                    </addressbook-color>'

                    """
                )
            )
        }
    }

    @Test func `RFC 4918 §4.1: a slip of a hand in config.toml spoils no answer`() throws {
        try withServer { server throws in
            _ = try server.proppatch(
                Self.book,
                "<D:set><D:prop><x:y xmlns:x=\"urn:x\">1</x:y><x:z xmlns:x=\"urn:x\">2</x:z>"
                    + "</D:prop></D:set>"
            )
            try Self.edit(server) { config in
                config.replacingOccurrences(of: ">1</y>", with: "><D:response>")
            }

            try eventually {
                let read = try server.propfind(
                    Self.book,
                    "<x:y xmlns:x=\"urn:x\"/><x:z xmlns:x=\"urn:x\"/>"
                )
                let book = read.responses.first
                return book?.missing == [QualifiedName("urn:x", "y")]
                    && book?.property(QualifiedName("urn:x", "z"))?.text == "2"
            }
        }
    }

    @Test(arguments: ["PROPPATCH", "COPY", "MOVE"])
    func `RFC 4918 §9.2: a change refuses to replace a config.toml that it cannot read`(
        method: String
    ) throws {
        try withServer { server throws in
            try server.put("a")
            try Self.edit(server) { $0 + "name = \n" }
            try eventually {
                let read = try server.propfind(Self.book, "<D:displayname/>")
                return read.responses.first?.property(.dav("displayname"))?.text == "Contacts"
            }
            let broken = try server.git("default", "show", "HEAD:default/config.toml").output

            let answer =
                if method == "PROPPATCH" {
                    try server.proppatching(
                        Self.book,
                        "<D:set><D:prop><D:displayname>N</D:displayname></D:prop></D:set>"
                    )
                } else {
                    try server.request(
                        method,
                        Self.book,
                        ["Destination": "\(TestServer.home)other/"]
                    )
                }

            let kept = try server.git("default", "show", "HEAD:default/config.toml").output
            #expect(answer.status == 500)
            #expect(answer.text.contains("default/config.toml"))
            #expect(kept == broken)
            #expect(try server.request("GET", "\(Self.book)a.vcf").status == 200)
        }
    }

    @Test func `RFC 4918 §9.2: a text longer than any that is kept is refused with 413`() throws {
        try withServer { server throws in
            let long = String(repeating: "x", count: 70_000)

            let answer = try server.proppatching(
                Self.book,
                "<D:set><D:prop><x:y xmlns:x=\"urn:x\">\(long)</x:y></D:prop></D:set>"
            )

            #expect(answer.status == 413)
        }
    }

    @Test func `RFC 5689 §3: extended MKCOL sets dead properties too`() throws {
        try withServer { server throws in
            let made = try server.request(
                "MKCOL",
                "/dav/addressbooks/work/",
                body: """
                    <D:mkcol xmlns:D="DAV:"><D:set><D:prop><D:displayname>W</D:displayname>\
                    <x:y xmlns:x="urn:x"><x:z/></x:y></D:prop></D:set></D:mkcol>
                    """
            )

            let read = try server.propfind("/dav/addressbooks/work/", "<x:y xmlns:x=\"urn:x\"/>")
            #expect(made.status == 201)
            #expect(
                read.responses.first?.property(QualifiedName("urn:x", "y"))?.children.map(\.name)
                    == [QualifiedName("urn:x", "z")]
            )
        }
    }
}
