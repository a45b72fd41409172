internal import Settings

/// What a book says of itself, kept in its `config.toml`.
public struct BookProperties: Sendable, Equatable {
    /// The longest display name or description, in bytes of UTF-8.
    public static let maximumTextBytes = 16_384

    /// Tells this book from another that bore its name before, as a UUID (RFC 5995 §3.1's
    /// `DAV:resource-id`); `nil` for a book that somebody made with git alone.
    public var id: String?
    /// What people call the book (`DAV:displayname`, RFC 4918 §15.2); `nil` where none was given.
    public var displayName: String?
    /// What the book is for (`CARDDAV:addressbook-description`, RFC 6352 §6.2.1).
    public var description: String?

    /// Joins the properties of a book.
    public init(id: String? = nil, displayName: String? = nil, description: String? = nil) {
        self.id = id
        self.displayName = displayName
        self.description = description
    }

    /// The text of `config.toml`.
    var toml: [UInt8] {
        var text = ""
        if let id { text += "id = \(TOMLText.quote(id))\n" }
        if let displayName { text += "name = \(TOMLText.quote(displayName))\n" }
        if let description { text += "description = \(TOMLText.quote(description))\n" }
        return Array(text.utf8)
    }

    /// Reads `config.toml`; keys that are not the book's are left alone.
    init(toml: [UInt8], book: BookName) throws(AddressBookError) {
        do throws(SettingsError) {
            let table = try TOMLDocument.parse(toml, file: "\(book)/\(Book.configFile)")
            id = table.string("id")
            displayName = table.string("name")
            description = table.string("description")
        } catch {
            throw AddressBookError.unreadableProperties(book, reason: error.description)
        }
    }
}
