import AddressBooks
import WebDAV

/// The properties of RFC 4918 §15 and of RFC 3253 §3.1.5 that every kind of resource may have.
enum CoreProperties {
    static let all = [
        resourceType, displayName, contentType, contentLength, lastModified, etag,
        supportedReportSet,
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
            switch resource {
            case .root: text = "Everlock Contacts"
            case .principals: text = "Principals"
            case .principal: text = context.user
            case .home: text = "Address books"
            case .book(let book): text = book.displayName
            case .card: return false
            }
            xml.element(.dav("displayname"), text: text)
            return true
        },
        write: { element, properties throws(Refusal) in
            properties.displayName = try Text.bounded(element)
        },
        remove: { $0.displayName = nil }
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

    /// RFC 4918 §15.7: from the card's history.
    static let lastModified = Property.text(.dav("getlastmodified")) { resource, context in
        guard case .card(let card, let book) = resource else { return nil }
        return try context.modificationTime(of: card, in: book)
            .map { HTTPDate.format(secondsSince1970: $0) }
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
}

/// Reads property values that are texts.
enum Text {
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
