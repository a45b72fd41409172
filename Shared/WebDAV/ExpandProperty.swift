/// The body of the `expand-property` report (RFC 3253 §3.8).
public struct ExpandProperty: Sendable {
    /// One property that is asked for.
    public struct Item: Sendable, Equatable {
        /// The property.
        public let name: QualifiedName
        /// What to tell of each resource that the property's value names; nothing for a property
        /// that is wanted as it is.
        public let nested: [Item]
    }

    /// How deep properties may be nested: from a card to its owner, the owner's home, its books is
    /// three.
    public static let maximumDepth = 8

    /// The properties that are asked for.
    public let items: [Item]

    /// Reads a body.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, a property without a name or with one
    ///   that no element can bear, for more than ``PropertyRequest/maximumProperties`` in all, or
    ///   nesting deeper than ``maximumDepth``.
    public init(_ body: XMLElement) throws(Refusal) {
        guard body.name == .dav("expand-property") else {
            throw Refusal(400, reason: "the report takes a DAV:expand-property")
        }
        var count = 0
        items = try Self.items(in: body, depth: 1, count: &count)
    }

    private static func items(
        in element: XMLElement,
        depth: Int,
        count: inout Int
    ) throws(Refusal) -> [Item] {
        let properties = element.all(.dav("property"))
        guard properties.isEmpty || depth <= maximumDepth else {
            throw Refusal(400, reason: "properties are nested at most \(maximumDepth) deep")
        }
        count += properties.count
        guard count <= PropertyRequest.maximumProperties else {
            throw Refusal(
                400,
                reason: "at most \(PropertyRequest.maximumProperties) properties at once"
            )
        }
        var items: [Item] = []
        for property in properties {
            let namespace = property.attribute("namespace") ?? QualifiedName.Namespace.dav
            let text = property.attribute("name") ?? ""
            guard let name = QualifiedName(namespace: namespace, text: text) else {
                throw Refusal(400, reason: "each DAV:property has the name of one")
            }
            let nested = try Self.items(in: property, depth: depth + 1, count: &count)
            items.append(Item(name: name, nested: nested))
        }
        return items
    }
}
