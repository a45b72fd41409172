internal import Settings

/// A property of a book that means nothing to the server, and is kept for whoever set it
/// (RFC 4918 §4.1, "dead").
public struct DeadProperty: Sendable, Equatable {
    /// The namespace of its name; empty where it has none.
    public let namespace: String
    /// Its name in the namespace.
    public let name: String
    /// The whole property as XML text that stands for itself. Not looked at here.
    public let xml: String

    /// Joins a name and a value.
    public init(namespace: String, name: String, xml: String) {
        self.namespace = namespace
        self.name = name
        self.xml = xml
    }
}

/// The dead properties of one book, kept in its `config.toml`:
///
/// ```toml
/// [[property]]
/// namespace = "http://inf-it.com/ns/ab/"
/// name = "addressbook-color"
/// xml = '<addressbook-color xmlns="http://inf-it.com/ns/ab/">#ff8800</addressbook-color>'
/// ```
public struct DeadProperties: Sendable, Equatable {
    /// The most of one book.
    public static let maximumCount = 64
    /// The most bytes of the names and values of one book's.
    public static let maximumBytes = 64 * 1024

    /// The properties, in the order that they were set first.
    public private(set) var all: [DeadProperty] = []

    /// Begins with none.
    public init() {}

    /// Sets a property, in the place of one of the same name.
    ///
    /// - Throws: ``AddressBookError/tooManyProperties(count:bytes:)``; then nothing is changed.
    public mutating func set(_ property: DeadProperty) throws(AddressBookError) {
        var changed = all
        let held = changed.firstIndex {
            $0.namespace == property.namespace && $0.name == property.name
        }
        if let held { changed[held] = property } else { changed.append(property) }
        let bytes = changed.reduce(0) { bytes, property in
            bytes + property.namespace.utf8.count + property.name.utf8.count
                + property.xml.utf8.count
        }
        guard changed.count <= Self.maximumCount, bytes <= Self.maximumBytes else {
            throw .tooManyProperties(count: Self.maximumCount, bytes: Self.maximumBytes)
        }
        all = changed
    }

    /// Takes a property away; one that is not there is no error (RFC 4918 §14.23).
    public mutating func remove(namespace: String, name: String) {
        all.removeAll { $0.namespace == namespace && $0.name == name }
    }
}

extension DeadProperties {
    static let key = "property"

    /// What `config.toml` says of them, below what it says of the book.
    var toml: String {
        all.map { property in
            """

            [[\(Self.key)]]
            namespace = \(TOMLText.quote(property.namespace))
            name = \(TOMLText.quote(property.name))
            xml = \(TOMLText.literal(property.xml))

            """
        }.joined()
    }

    /// Reads `config.toml`; an entry that lacks a part, or is one too many, is passed over.
    init(toml: [UInt8], book: BookName) throws(AddressBookError) {
        do throws(SettingsError) {
            let table = try TOMLDocument.parse(toml, file: "\(book)/\(Book.configFile)")
            guard case .array(let entries)? = table[Self.key]?.value else { return }
            for case .table(let entry) in entries {
                guard let namespace = entry.string("namespace"),
                    let name = entry.string("name"), let xml = entry.string("xml")
                else { continue }
                let property = DeadProperty(namespace: namespace, name: name, xml: xml)
                do throws(AddressBookError) { try set(property) } catch { continue }
            }
        } catch {
            throw AddressBookError.unreadableProperties(book, reason: error.description)
        }
    }
}
