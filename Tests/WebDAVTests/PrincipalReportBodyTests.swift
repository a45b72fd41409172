import Testing
import WebDAV

/// The bodies of expand-property and of the reports about principals.
struct PrincipalReportBodyTests {
    private static func body(_ root: String, _ inside: String) throws -> XMLElement {
        try #require(try dav(root, inside))
    }

    @Test func `RFC 3253 §3.8: properties are named by attributes, DAV: where none is given`()
        throws
    {
        let body = try Self.body(
            "expand-property",
            """
            <D:property name='owner'><D:property name='x' namespace='urn:x'/></D:property>
            <D:other name='y'/><D:property name='getetag'/>
            """
        )

        let items = try ExpandProperty(body).items

        #expect(items.map(\.name) == [.dav("owner"), .dav("getetag")])
        #expect(items[0].nested.map(\.name) == [QualifiedName("urn:x", "x")])
        #expect(items[1].nested.isEmpty)
    }

    @Test func `RFC 3253 §3.8: as many and as deep as the limits say, and not one more`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<D:property name='a'>", count: depth)
                + String(repeating: "</D:property>", count: depth)
        }
        let limit = ExpandProperty.maximumDepth
        let most = String(
            repeating: "<D:property name='a'/>",
            count: PropertyRequest.maximumProperties
        )

        _ = try ExpandProperty(Self.body("expand-property", nested(limit)))
        _ = try ExpandProperty(Self.body("expand-property", most))
        let deep = try Self.body("expand-property", nested(limit + 1))
        let many = try Self.body("expand-property", most + nested(1))
        #expect(status { try ExpandProperty(deep) } == 400)
        #expect(status { try ExpandProperty(many) } == 400)
    }

    @Test(arguments: ["", "a b", "a>", "1", "-a", "a:b", "\u{B7}a", "a\u{2044}"])
    func `Namespaces in XML §3: a name that no element can bear is refused`(name: String) throws {
        let body = XMLElement(
            name: .dav("expand-property"),
            children: [
                XMLElement(
                    name: .dav("property"),
                    attributes: [XMLAttribute(name: QualifiedName("", "name"), value: name)]
                )
            ]
        )

        #expect(status { try ExpandProperty(body) } == 400)
    }

    @Test(arguments: ["a", "_a", "a-b.c", "a1", "é", "a\u{B7}", "𐀀"])
    func `Namespaces in XML §3: a name that an element can bear is taken`(name: String) throws {
        let body = try Self.body("expand-property", "<D:property name='\(name)'/>")

        #expect(try ExpandProperty(body).items.map(\.name) == [.dav(name)])
    }

    @Test func `RFC 3744 §9.3: one criterion, and the properties where some are named`() throws {
        let own = try PrincipalMatch(Self.body("principal-match", "<D:self/>"))
        let named = try PrincipalMatch(
            Self.body(
                "principal-match",
                "<D:principal-property><D:owner/></D:principal-property><D:prop><D:a/></D:prop>"
            )
        )

        #expect(own.criterion == .isSelf && own.request == nil)
        #expect(named.criterion == .isNamed(by: .dav("owner")))
        #expect(named.request?.asked == [.dav("a")])
    }

    @Test(arguments: [
        ("other", "<D:self/>"), ("principal-match", ""),
        ("principal-match", "<D:self/><D:principal-property/>"),
        ("principal-match", "<D:principal-property><D:a/><D:b/></D:principal-property>"),
    ])
    func `RFC 3744 §9.3: none or several criteria are 400`(root: String, inside: String) throws {
        let body = try Self.body(root, inside)

        #expect(status { try PrincipalMatch(body) } == 400)
    }

    @Test func `RFC 3744 §9.4: conditions, their properties, and where to search`() throws {
        let search = try PrincipalPropertySearch(
            Self.body(
                "principal-property-search",
                """
                <D:property-search><D:prop><D:a/><D:b/></D:prop><D:match> x y </D:match>\
                </D:property-search><D:property-search><D:prop><D:c/></D:prop><D:match/>\
                </D:property-search><D:prop><D:d/></D:prop><D:apply-to-principal-collection-set/>
                """
            )
        )

        #expect(search.clauses.map(\.properties) == [[.dav("a"), .dav("b")], [.dav("c")]])
        #expect(search.clauses.map(\.text) == ["x y", ""])
        #expect(search.request?.asked == [.dav("d")])
        #expect(search.appliesToPrincipalCollections)
    }

    @Test func `RFC 3744 §9.4: more properties than a request may name are 400`() throws {
        let clause =
            "<D:property-search><D:prop><D:a/><D:b/></D:prop><D:match>x</D:match></D:property-search>"
        let most = PropertyRequest.maximumProperties / 2

        _ = try PrincipalPropertySearch(
            Self.body("principal-property-search", String(repeating: clause, count: most))
        )
        let more = try Self.body(
            "principal-property-search",
            String(repeating: clause, count: most + 1)
        )
        #expect(status { try PrincipalPropertySearch(more) } == 400)
    }

    private func status(_ read: () throws -> some Any) -> Int? {
        do {
            _ = try read()
        } catch {
            return (error as? Refusal)?.status
        }
        return nil
    }
}
