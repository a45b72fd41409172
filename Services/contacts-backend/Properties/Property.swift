import Access
import AddressBooks
import WebDAV

/// One live property: its name, where it lives, how it is read and written.
struct Property: Sendable {
    /// The property's name.
    let name: QualifiedName
    /// Whether `allprop` includes it (RFC 4918 §9.1: not what is dear or of use to few).
    let isInAllprop: Bool
    /// Writes the property's element, if the resource has it, and says whether it did.
    let read: @Sendable (Resource, PropertyContext, inout XMLBuffer) throws -> Bool
    /// Takes a value for a book; `nil` for what is protected (RFC 4918 §15).
    let write: (@Sendable (XMLElement, inout BookProperties) throws(Refusal) -> Void)?
    /// Takes the value away.
    let remove: (@Sendable (inout BookProperties) -> Void)?

    init(
        _ name: QualifiedName,
        isInAllprop: Bool = true,
        read: @escaping @Sendable (Resource, PropertyContext, inout XMLBuffer) throws -> Bool,
        write: (@Sendable (XMLElement, inout BookProperties) throws(Refusal) -> Void)? = nil,
        remove: (@Sendable (inout BookProperties) -> Void)? = nil
    ) {
        self.name = name
        self.isInAllprop = isInAllprop
        self.read = read
        self.write = write
        self.remove = remove
    }

    /// A property whose value is a text, `nil` where the resource has none.
    static func text(
        _ name: QualifiedName,
        isInAllprop: Bool = true,
        _ value: @escaping @Sendable (Resource, PropertyContext) throws -> String?
    ) -> Property {
        Property(
            name,
            isInAllprop: isInAllprop,
            read: { resource, context, xml in
                guard let text = try value(resource, context) else { return false }
                xml.element(name, text: text)
                return true
            }
        )
    }

    /// A property whose value is made of elements.
    static func elements(
        _ name: QualifiedName,
        isInAllprop: Bool = true,
        _ write: @escaping @Sendable (Resource, PropertyContext, inout XMLBuffer) throws -> Bool
    ) -> Property {
        Property(
            name,
            isInAllprop: isInAllprop,
            read: { resource, context, xml in
                var inner = XMLBuffer()
                guard try write(resource, context, &inner) else { return false }
                if inner.count == 0 {
                    xml.empty(name)
                } else {
                    xml.open(name)
                    xml.append(inner)
                    xml.close(name)
                }
                return true
            }
        )
    }
}

extension Property {
    /// A property whose value is the hrefs of resources, `nil` where the resource has none such.
    static func hrefs(
        _ name: QualifiedName,
        _ value: @escaping @Sendable (Resource, PropertyContext) throws -> [String]?
    ) -> Property {
        elements(name, isInAllprop: false) { resource, context, xml in
            guard let hrefs = try value(resource, context) else { return false }
            for href in hrefs { try context.write(href: href, into: &xml) }
            return true
        }
    }
}
