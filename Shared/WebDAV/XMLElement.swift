/// One element of a request's body, with all that is in it.
///
/// What an RFC does not know is passed over by those who read it (RFC 4918 §17).
public struct XMLElement: Sendable, Equatable {
    /// The element's name.
    public let name: QualifiedName
    /// The attributes, without namespace declarations.
    public let attributes: [XMLAttribute]
    /// The elements inside.
    public let children: [XMLElement]
    /// The character data directly inside, joined.
    ///
    /// White space that does no more than part one child from the next is left out.
    public let text: String
    /// The `xml:lang` in force, inherited from outside where the element has none of its own
    /// (RFC 4918 §4.3).
    public let language: String?
    /// The element as XML text that stands for itself, where it is the value of a property that is
    /// to be kept (``XMLReader/init(limits:keepsValues:)``) and is not too long.
    public let markup: String?

    /// Joins the parts of an element.
    public init(
        name: QualifiedName,
        attributes: [XMLAttribute] = [],
        children: [XMLElement] = [],
        text: String = "",
        language: String? = nil,
        markup: String? = nil
    ) {
        self.name = name
        self.attributes = attributes
        self.children = children
        self.text = text
        self.language = language
        self.markup = markup
    }

    /// The first child of a name.
    public func first(_ name: QualifiedName) -> XMLElement? {
        children.first { $0.name == name }
    }

    /// The children of a name.
    public func all(_ name: QualifiedName) -> [XMLElement] {
        children.filter { $0.name == name }
    }

    /// The value of an attribute, whatever its letter case: vdirsyncer sends `Content-Type`.
    ///
    /// An attribute of some other namespace than the element's own does not count.
    public func attribute(_ localName: String) -> String? {
        let wanted = localName.lowercased()
        return attributes.first { attribute in
            (attribute.name.namespace.isEmpty || attribute.name.namespace == name.namespace)
                && attribute.name.localName.lowercased() == wanted
        }?.value
    }

    /// The text without white space around it.
    public var trimmedText: String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { $0.value > 0x20 }),
            let last = scalars.lastIndex(where: { $0.value > 0x20 })
        else { return "" }
        return String(scalars[first...last])
    }
}

/// One attribute of an element.
public struct XMLAttribute: Sendable, Equatable {
    /// The attribute's name; without a prefix it has no namespace (Namespaces in XML 1.0 §6.2).
    public let name: QualifiedName
    /// The attribute's value, references resolved.
    public let value: String

    /// Joins the parts of an attribute.
    public init(name: QualifiedName, value: String) {
        self.name = name
        self.value = value
    }
}
