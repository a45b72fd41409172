/// Which properties a request wants.
public enum PropertyRequest: Sendable {
    /// All that come without being named, and these (RFC 4918 §14.2, §14.8).
    case all(include: [QualifiedName])
    /// The names of all (RFC 4918 §14.20).
    case names
    /// These, each with what is inside its element: `address-data` has a form (RFC 6352 §10.4).
    case some([XMLElement])

    /// The most properties that one request names.
    public static let maximumProperties = 256

    /// The properties that are named.
    public var asked: [QualifiedName] {
        switch self {
        case .all(let include): include
        case .names: []
        case .some(let elements): elements.map(\.name)
        }
    }

    /// Reads what a report asks for; one that names no properties gets hrefs alone.
    ///
    /// - Throws: ``Refusal`` with status 400 for more than one of `prop`, `allprop` and `propname`,
    ///   or too many properties.
    public init(report element: XMLElement) throws(Refusal) {
        self = try PropertyRequest(in: element) ?? .some([])
    }

    /// Reads the `prop`, `allprop` or `propname` inside an element; `nil` where there is none.
    init?(in element: XMLElement) throws(Refusal) {
        let forms = element.children.filter { Self.forms.contains($0.name) }
        guard let form = forms.first else { return nil }
        guard forms.count == 1 else {
            throw Refusal(400, reason: "one of prop, allprop and propname, and once")
        }
        switch form.name {
        case .dav("allprop"):
            let include = element.all(.dav("include")).flatMap(\.children).map(\.name)
            self = .all(include: try Self.limited(include))
        case .dav("propname"): self = .names
        default: self = .some(try Self.limited(form.children))
        }
    }

    private static let forms: Set<QualifiedName> = [
        .dav("prop"), .dav("allprop"), .dav("propname"),
    ]

    /// The properties as they are, where they are not too many.
    static func limited<Property>(_ properties: [Property]) throws(Refusal) -> [Property] {
        guard properties.count <= maximumProperties else {
            throw Refusal(400, reason: "at most \(maximumProperties) properties at once")
        }
        return properties
    }
}
