internal import Settings

/// What a book says of itself, kept in its `config.toml`.
public struct BookProperties: Sendable, Equatable {
    /// The longest display name or description, in bytes of UTF-8.
    public static let maximumTextBytes = 16_384

    /// Tells this book from another that bore its name before, as a UUID (`DAV:resource-id`,
    /// RFC 5842 §3.1); `nil` for a book that somebody made with git alone.
    public var id: String?
    /// What people call the book (`DAV:displayname`, RFC 4918 §15.2); `nil` where none was given.
    public var displayName: String?
    /// What the book is for (`CARDDAV:addressbook-description`, RFC 6352 §6.2.1).
    public var description: String?
    /// The language of the display name, as the client tagged it (RFC 4918 §4.3).
    public var displayNameLanguage: String?
    /// The language of the description, as the client tagged it (RFC 4918 §4.3).
    public var descriptionLanguage: String?
    /// The card that tells of a user, by the user's name: a card's name, whether the book has such a
    /// card or not.
    var meCards: [String: String] = [:]
    /// Whether the book keeps properties for others too (``DeadProperties``).
    public internal(set) var hasDeadProperties = false

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
        if let language = displayNameLanguage {
            text += "name-language = \(TOMLText.quote(language))\n"
        }
        if let language = descriptionLanguage {
            text += "description-language = \(TOMLText.quote(language))\n"
        }
        if !meCards.isEmpty {
            let marks = meCards.sorted { $0.key < $1.key }
                .map { "\(TOMLText.key($0.key)) = \(TOMLText.quote($0.value))" }
            text += "me = { \(marks.joined(separator: ", ")) }\n"
        }
        return Array(text.utf8)
    }

    /// Reads `config.toml`; keys that are none of the book's, and are gone
    /// from the file with its next change; the history has them.
    init(toml: [UInt8], book: BookName) throws(AddressBookError) {
        do throws(SettingsError) {
            let table = try TOMLDocument.parse(toml, file: "\(book)/\(Book.configFile)")
            id = table.string("id")
            displayName = table.string("name")
            description = table.string("description")
            displayNameLanguage = table.string("name-language")
            descriptionLanguage = table.string("description-language")
            if case .table(let marks)? = table["me"]?.value {
                for mark in marks.entries {
                    if case .string(let card) = mark.value { meCards[mark.key] = card }
                }
            }
            hasDeadProperties = table[DeadProperties.key] != nil
        } catch {
            throw AddressBookError.unreadableProperties(book, reason: error.description)
        }
    }
}
