import Testing
import WebDAV

/// The bodies of PROPFIND, PROPPATCH, MKCOL and sync-collection.
struct BodyTests {
    @Test func `RFC 4918 §9.1: PROPFIND without a body asks for all`() throws {
        guard case .all(let include) = try Propfind(nil).request else {
            Issue.record("not allprop")
            return
        }
        #expect(include.isEmpty)
    }

    @Test(arguments: [
        ("<D:prop><D:getetag/><C:x/></D:prop>", [QualifiedName.dav("getetag"), .carddav("x")]),
        ("<D:allprop/><D:include><D:a/></D:include>", [.dav("a")]), ("<D:propname/>", []),
        ("<D:prop/>", []), ("<D:unknown/><D:prop><D:b/></D:prop>", [.dav("b")]),
    ])
    func `RFC 4918 §14.20: PROPFIND names what it asks for`(
        inside: String,
        asked: [QualifiedName]
    ) throws {
        #expect(try Propfind(dav("propfind", inside)).request.asked == asked)
    }

    @Test(arguments: [
        ("propfind", ""), ("propfind", "<D:x/>"), ("other", "<D:propname/>"),
        ("propfind", "<D:allprop/><D:propname/>"), ("propfind", "<D:prop/><D:prop/>"),
        ("propfind", "<prop/>"),
    ])
    func `RFC 4918 §14.20: another root, none or several forms are 400`(
        root: String,
        inside: String
    ) throws {
        let body = try dav(root, inside)

        #expect(status { try Propfind(body) } == 400)
    }

    @Test func `a request names at most 256 properties`() throws {
        let most = String(repeating: "<D:a/>", count: 256)

        _ = try Propfind(dav("propfind", "<D:prop>\(most)</D:prop>"))
        for inside in [
            "<D:prop>\(most)<D:a/></D:prop>",
            "<D:allprop/><D:include>\(most)<D:a/></D:include>",
        ] {
            let body = try dav("propfind", inside)
            #expect(status { try Propfind(body) } == 400)
        }
    }

    @Test func `RFC 4918 §9.2: PROPPATCH keeps the order of the document`() throws {
        let update = try PropertyUpdate(
            dav(
                "propertyupdate",
                """
                <D:set xml:lang="fr"><D:prop><D:a>1</D:a><D:b/></D:prop></D:set>
                <D:remove><D:prop><D:a/></D:prop></D:remove>
                <D:set><D:prop><D:a>2</D:a></D:prop></D:set>
                """
            )
        )

        #expect(update.instructions.map(describe) == ["a=1 fr", "b= fr", "-a", "a=2 -"])
    }

    @Test func `RFC 4918 §14.19: PROPPATCH of nothing, or too much, is 400`() throws {
        let many = String(repeating: "<D:a/>", count: 257)
        let bodies = [
            nil, try dav("propertyupdate", ""), try dav("propfind", "<D:set/>"),
            try dav("propertyupdate", "<D:set><D:prop/></D:set>"),
            try dav("propertyupdate", "<D:remove><D:prop>\(many)</D:prop></D:remove>"),
        ]

        for body in bodies { #expect(status { try PropertyUpdate(body) } == 400) }
    }

    @Test func `RFC 5689 §5.1: MKCOL tells types and properties`() throws {
        let mkcol = try ExtendedMkcol(
            dav(
                "mkcol",
                """
                <D:set><D:prop><D:resourcetype><D:collection/><C:addressbook/></D:resourcetype>
                <D:displayname>Work</D:displayname></D:prop></D:set>
                """
            )
        )

        #expect(mkcol.resourceTypes == [.dav("collection"), .carddav("addressbook")])
        #expect(mkcol.properties.map(\.name) == [.dav("resourcetype"), .dav("displayname")])
    }

    @Test func `RFC 4918 §9.3: MKCOL without a body makes a collection`() throws {
        let body = try dav("mkcalendar", "")

        #expect(try ExtendedMkcol(nil).resourceTypes == [.dav("collection")])
        #expect(status { try ExtendedMkcol(body) } == 400)
    }

    @Test func `RFC 6578 §6.1: sync-collection has token, level, limit and properties`() throws {
        let sync = try sync(
            """
            <D:sync-token> https://x/1 </D:sync-token><D:sync-level>infinite</D:sync-level>
            <D:limit><D:nresults>10</D:nresults></D:limit><D:prop><D:getetag/></D:prop>
            """
        )

        #expect(sync.token == "https://x/1")
        #expect(sync.isInfinite)
        #expect(sync.limit == 10)
        #expect(sync.request.asked == [.dav("getetag")])
    }

    @Test func `RFC 6578 §6.1: no token, no level and no limit are read as first, 1 and none`()
        throws
    {
        for inside in ["", "<D:sync-token/>", "<D:sync-token> \n</D:sync-token>"] {
            let sync = try sync(inside)

            #expect(sync.token == nil)
            #expect(!sync.isInfinite)
            #expect(sync.limit == nil)
        }
    }

    @Test(arguments: ["-1", "+1", "", "ten", "1.5", "٣", "0x10"])
    func `RFC 5323 §5.17: a limit is a row of digits`(limit: String) throws {
        let body = try dav(
            "sync-collection",
            "<D:limit><D:nresults>\(limit)</D:nresults></D:limit>"
        )

        #expect(status { try SyncCollection(#require(body)) } == 400)
    }

    @Test func `a limit beyond all counting limits nothing`() throws {
        let digits = String(repeating: "9", count: 40)

        #expect(
            try sync("<D:limit><D:nresults>\(digits)</D:nresults></D:limit>").limit == Int.max
        )
    }

    @Test func `RFC 6578 §6.3: another level, or another root, is 400`() throws {
        let level = try #require(
            try dav("sync-collection", "<D:sync-level>2</D:sync-level>")
        )
        let root = try #require(try dav("propfind", ""))

        #expect(status { try SyncCollection(level) } == 400)
        #expect(status { try SyncCollection(root) } == 400)
    }

    @Test(arguments: [
        ("0", Depth.zero), ("1", .one), ("infinity", .infinity), ("Infinity", .infinity),
    ])
    func `RFC 4918 §10.2: a depth is 0, 1 or infinity`(header: String, depth: Depth) {
        #expect(Depth(header: header) == depth)
    }

    @Test(arguments: ["", "2", "-1", "one", "00"])
    func `RFC 4918 §10.2: any other depth is none`(header: String) {
        #expect(Depth(header: header) == nil)
    }

    private func sync(_ inside: String) throws -> SyncCollection {
        try SyncCollection(#require(try dav("sync-collection", inside)))
    }

    private func status(_ read: () throws -> some Any) -> Int? {
        do {
            _ = try read()
        } catch {
            return (error as? Refusal)?.status
        }
        return nil
    }

    private func describe(_ instruction: PropertyUpdate.Instruction) -> String {
        switch instruction {
        case .set(let element):
            "\(element.name.localName)=\(element.text) \(element.language ?? "-")"
        case .remove(let name): "-\(name.localName)"
        }
    }
}
