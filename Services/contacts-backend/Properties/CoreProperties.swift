import AddressBooks
import WebDAV

/// The properties of RFC 4918 §15, RFC 3253 §3.1.5 and RFC 5842 §3.1 that every kind of resource may
/// have.
enum CoreProperties {
    static let all = [
        resourceType, displayName, contentType, contentLength, creationDate, lastModified, etag,
        supportedReportSet, resourceID,
    ]

    /// RFC 4918 §15.9. Present and empty on a card: clients skip what has none.
    static let resourceType = Property.elements(.dav("resourcetype")) { resource, _, xml in
        switch resource {
        case .card: return true
        case .principal: xml.literal("<D:collection/><D:principal/>")
        case .book: xml.literal("<D:collection/><C:addressbook/>")
        case .root, .principals, .home: xml.literal("<D:collection/>")
        }
        return true
    }

    /// RFC 4918 §15.2. Never empty: Outlook's synchronizer does not show a book without a name.
    static let displayName = Property(
        .dav("displayname"),
        read: { resource, context, xml in
            let text: String
            var language: String?
            switch resource {
            case .root: text = "Everlock Contacts"
            case .principals: text = "Principals"
            case .principal: text = context.user
            case .home: text = "Address books"
            case .book(let book):
                text = book.displayName
                language = book.properties.displayNameLanguage
            case .card: return false
            }
            Text.write(text, language, as: .dav("displayname"), into: &xml)
            return true
        },
        write: { element, properties throws(Refusal) in
            properties.displayName = try Text.bounded(element)
            properties.displayNameLanguage = try Text.language(of: element)
        },
        remove: { properties in
            properties.displayName = nil
            properties.displayNameLanguage = nil
        }
    )

    /// RFC 4918 §15.5.
    static let contentType = Property.text(.dav("getcontenttype")) { resource, _ in
        if case .card = resource { Get.cardType } else { nil }
    }

    /// RFC 4918 §15.4.
    static let contentLength = Property.text(.dav("getcontentlength")) { resource, _ in
        guard case .card(let card, let book) = resource else { return nil }
        return book.size(of: card).map { String($0) }
    }

    /// RFC 4918 §15.1: when the card first came into the book, or the book was made.
    static let creationDate = Property.text(.dav("creationdate")) { resource, context in
        let time: Int64? =
            switch resource {
            case .card(let card, let book): try context.times(in: book).created(card)
            case .book(let book): try context.times(in: book).bookCreated
            case .root, .principals, .principal, .home: nil
            }
        return time.map { HTTPDate.iso8601(secondsSince1970: $0) }
    }

    /// RFC 4918 §15.7: when the card was last written; of a book, when the book or any of its cards
    /// was.
    static let lastModified = Property.text(.dav("getlastmodified")) { resource, context in
        let time: Int64? =
            switch resource {
            case .card(let card, let book): try context.times(in: book).modified(card)
            case .book(let book): try context.store.lastChangeTime(of: book)
            case .root, .principals, .principal, .home: nil
            }
        return time.map { HTTPDate.format(secondsSince1970: $0) }
    }

    /// RFC 4918 §15.6: the id of the card's bytes, or of the book's content.
    static let etag = Property.text(.dav("getetag")) { resource, _ in
        switch resource {
        case .card(let card, _): ETag(card).description
        case .book(let book): ETag(opaque: book.contentID.text, isWeak: false).description
        default: nil
        }
    }

    /// RFC 3253 §3.1.5.
    static let supportedReportSet = Property.elements(
        .dav("supported-report-set"),
        isInAllprop: false
    ) { resource, _, xml in
        for report in Report.supported(on: resource) {
            xml.literal("<D:supported-report><D:report>")
            xml.empty(report)
            xml.literal("</D:report></D:supported-report>")
        }
        return true
    }

    /// RFC 5842 §3.1: stays with a book for as long as there is one, whatever it is called. Cards and
    /// what the server has made itself have no id that would be theirs alone.
    static let resourceID = Property.hrefs(.dav("resource-id")) { resource, _ in
        guard case .book(let book) = resource, let id = book.properties.id,
            isUUID(id)
        else { return nil }
        return ["urn:uuid:\(id)"]
    }

    /// Whether a text is a UUID (RFC 9562 §4): somebody may have written another into the store.
    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && parts.joined().unicodeScalars.allSatisfy { $0.properties.isASCIIHexDigit }
    }
}

/// Reads and writes property values that are texts.
enum Text {
    /// The longest language tag that is kept, in bytes (RFC 5646 §4.4.1 has 35 for a start).
    private static let maximumLanguageBytes = 128

    /// An element with a text, tagged with its language where that is known (RFC 4918 §4.3).
    static func write(
        _ text: String,
        _ language: String?,
        as name: QualifiedName,
        into xml: inout XMLBuffer
    ) {
        guard let language else { return xml.element(name, text: text) }
        xml.element(name, text: text, language: language)
    }

    /// The language of an element, bounded; `nil` where none is in force.
    static func language(of element: XMLElement) throws(Refusal) -> String? {
        guard let language = element.language, !language.isEmpty else { return nil }
        guard language.utf8.count <= maximumLanguageBytes else {
            throw Refusal(
                507,
                reason: "a language tag is at most \(maximumLanguageBytes) bytes long"
            )
        }
        return language
    }

    /// The text of an element, bounded.
    static func bounded(_ element: XMLElement) throws(Refusal) -> String {
        guard element.text.utf8.count <= BookProperties.maximumTextBytes else {
            throw Refusal(
                507,
                reason: "a text is at most \(BookProperties.maximumTextBytes) bytes long"
            )
        }
        return element.text
    }
}
