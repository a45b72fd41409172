import AddressBooks
import WebDAV

/// The properties of an address book: RFC 6352 §6.2, RFC 6578 §4, and `getctag`.
enum BookPropertiesTable {
    static let all = [
        description, supportedAddressData, maximumResourceSize, maximumImageSize,
        supportedCollations, syncToken, ctag,
    ]

    /// RFC 6352 §6.2.1.
    static let description = Property(
        .carddav("addressbook-description"),
        isInAllprop: false,
        read: { resource, _, xml in
            guard case .book(let book) = resource,
                let text = book.properties.description
            else { return false }
            Text.write(
                text,
                book.properties.descriptionLanguage,
                as: .carddav("addressbook-description"),
                into: &xml
            )
            return true
        },
        write: { element, properties throws(Refusal) in
            properties.description = try Text.bounded(element)
            properties.descriptionLanguage = try Text.language(of: element)
        },
        remove: { properties in
            properties.description = nil
            properties.descriptionLanguage = nil
        }
    )

    /// RFC 6352 §6.2.2: cards are taken and given in either version. jCard is given too, and not
    /// listed: what is listed must be taken (§5.1.1).
    static let supportedAddressData = Property.elements(
        .carddav("supported-address-data"),
        isInAllprop: false
    ) { resource, _, xml in
        guard case .book = resource else { return false }
        for version in ["3.0", "4.0"] {
            xml.literal("<C:address-data-type content-type=\"text/vcard\" version=\"")
            xml.text(version)
            xml.literal("\"/>")
        }
        return true
    }

    /// RFC 6352 §6.2.3.
    static let maximumResourceSize = Property.text(
        .carddav("max-resource-size"),
        isInAllprop: false
    ) { resource, _ in
        guard case .book = resource else { return nil }
        return String(AddressBookStore.maximumCardBytes)
    }

    /// What pictures clients are asked to keep to, in bytes. iOS scales photos down to it, and sends
    /// megabytes to a server that does not say; larger ones are taken all the same.
    static let maximumImageSize = Property.text(
        .carddav("max-image-size"),
        isInAllprop: false
    ) { resource, _ in
        guard case .book = resource else { return nil }
        return String(256 * 1024)
    }

    /// RFC 6352 §8.3.1.
    static let supportedCollations = Property.elements(
        .carddav("supported-collation-set"),
        isInAllprop: false
    ) { resource, _, xml in
        guard case .book = resource else { return false }
        for collation in QueryReport.collations {
            xml.element(.carddav("supported-collation"), text: collation)
        }
        return true
    }

    /// RFC 6578 §4.
    static let syncToken = Property.text(.dav("sync-token"), isInAllprop: false) { resource, _ in
        guard case .book(let book) = resource else { return nil }
        return SyncToken.text(of: book)
    }

    /// `getctag` of calendarserver.org: KDE and Evolution decide by it alone whether to look again.
    static let ctag = Property.text(.calendarServer("getctag"), isInAllprop: false) { resource, _ in
        guard case .book(let book) = resource else { return nil }
        return book.contentID.text
    }
}
