import AddressBooks
import WebDAV

/// The dead properties of a book as they are told (RFC 4918 §4.1).
///
/// Each is parsed again: `config.toml` is there for people to edit, and a slip in one property hides
/// that property and spoils no answer.
struct DeadValues {
    /// Names and values, in the order that they were set.
    let all: [(name: QualifiedName, markup: String)]

    /// Those of a resource that keeps nothing.
    static let none = DeadValues(DeadProperties())

    /// Reads what a book keeps.
    init(_ properties: DeadProperties) {
        all = properties.all.compactMap { property in
            let name = QualifiedName(property.namespace, property.name)
            // The server may have come to know what it kept before.
            if PropertyTable.live[name] != nil { return nil }
            return Self.markup(property.xml, of: name).map { (name, $0) }
        }
    }

    /// The value of a name, as markup that stands for itself.
    subscript(_ name: QualifiedName) -> String? { all.first { $0.name == name }?.markup }

    /// A value written anew; `nil` for a text that is not one element of that name.
    private static func markup(_ xml: String, of name: QualifiedName) -> String? {
        let reader = XMLReader(keepsValues: true)
        do throws(XMLError) {
            try reader.feed(Array("<D:prop xmlns:D=\"DAV:\">\(xml)</D:prop>".utf8))
            guard let prop = try reader.finish(), prop.children.count == 1,
                let value = prop.children.first, value.name == name
            else { return nil }
            return value.markup
        } catch {
            return nil
        }
    }
}
