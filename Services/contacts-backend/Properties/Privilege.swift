import Access
import AddressBooks
import WebDAV

/// One privilege of RFC 3744 §3, with those that it is made of.
struct Privilege: Sendable {
    let name: QualifiedName
    /// Whether it is there to hold others together, and is never granted itself (§5.3).
    var isAbstract = false
    /// What it is for, in English.
    let description: String
    var parts: [Privilege] = []

    /// The privileges of this server, in the order that §3.12 prescribes. There is no `write-acl`
    /// and no `unlock`: nothing that a client can do would need them.
    static let tree = Privilege(
        name: .dav("all"),
        isAbstract: true,
        description: "Do anything",
        parts: [
            Privilege(
                name: .dav("read"),
                description: "Read cards, books and what they say of themselves",
                parts: [
                    Privilege(name: .dav("read-acl"), description: "Read access control lists"),
                    Privilege(
                        name: .dav("read-current-user-privilege-set"),
                        description: "Read one's own privileges"
                    ),
                ]
            ),
            Privilege(
                name: .dav("write"),
                description: "Change cards, books and what they say of themselves",
                parts: [
                    Privilege(name: .dav("write-properties"), description: "Change properties"),
                    Privilege(name: .dav("write-content"), description: "Change cards"),
                    Privilege(name: .dav("bind"), description: "Add members"),
                    Privilege(name: .dav("unbind"), description: "Delete members"),
                ]
            ),
        ]
    )

    /// The privileges that there are on a resource, an aggregate and each of its parts by itself:
    /// clients look for `write-content` or `bind` and do not unfold `write`.
    static func granted(on resource: Resource, to rights: Authorization) -> [QualifiedName] {
        switch resource {
        case .root, .principals: reading
        // What users say of themselves: `principal-address`.
        case .principal: reading + (rights.mayWriteSomewhere ? [.dav("write-properties")] : [])
        // Books are made and deleted here, and `me-card` is set; a home has no content to write.
        case .home:
            reading + (rights.mayWriteSomewhere ? [.dav("write-properties")] : [])
                + (rights.role >= .writer ? [.dav("bind"), .dav("unbind")] : [])
        case .book(let book), .card(_, let book):
            reading + (rights.mayWrite(book.name) ? writing : [])
        }
    }

    private static let reading: [QualifiedName] = [
        .dav("read"), .dav("read-acl"), .dav("read-current-user-privilege-set"),
    ]
    private static let writing: [QualifiedName] = [
        .dav("write"), .dav("write-properties"), .dav("write-content"), .dav("bind"),
        .dav("unbind"),
    ]

    /// Writes `privilege` elements.
    static func write(_ names: [QualifiedName], into xml: inout XMLBuffer) {
        for name in names {
            xml.literal("<D:privilege>")
            xml.empty(name)
            xml.literal("</D:privilege>")
        }
    }

    /// Writes a `supported-privilege` element with all that is in it (RFC 3744 §5.3).
    func write(into xml: inout XMLBuffer) {
        xml.literal("<D:supported-privilege>")
        Self.write([name], into: &xml)
        if isAbstract { xml.literal("<D:abstract/>") }
        xml.literal("<D:description xml:lang=\"en\">")
        xml.text(description)
        xml.literal("</D:description>")
        for part in parts { part.write(into: &xml) }
        xml.literal("</D:supported-privilege>")
    }
}
