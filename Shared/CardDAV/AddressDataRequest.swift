internal import VCard
public import WebDAV

/// In what form a report is to give cards (RFC 6352 §10.4).
///
/// Read forgivingly: empty, with a child `allprop` (KDE), with attributes in any letter case
/// (vdirsyncer).
public struct AddressDataRequest: Sendable {
    /// The most properties that one request names.
    public static let maximumProperties = 256

    private static let versions: Set<String> = ["3.0", "4.0"]

    /// The properties wanted; none for all.
    private let selection: [PropertySelection]

    /// Reads an `address-data` element.
    ///
    /// The version asked for is not converted to: cards are given as they are kept.
    ///
    /// - Throws: ``Refusal`` with `supported-address-data` for a media type or a version that no
    ///   card is given in, with status 400 for too many properties.
    public init(_ element: XMLElement) throws(Refusal) {
        guard Self.isCard(element.attribute("content-type")),
            Self.versions.contains(element.attribute("version") ?? "3.0")
        else { throw .supportedAddressData }
        let properties = element.all(.carddav("prop"))
        guard properties.count <= Self.maximumProperties else {
            throw Refusal(400, reason: "at most \(Self.maximumProperties) properties of a card")
        }
        let wantsAll = element.children.contains { $0.name.localName == "allprop" }
        selection = wantsAll ? [] : properties.compactMap(Self.selection)
    }

    /// Whether cards are wanted with all that is in them.
    public var isWhole: Bool { selection.isEmpty }

    /// A card in that form; one that cannot be read is given as it is.
    public func render(_ card: [UInt8]) -> [UInt8] {
        if isWhole { return card }
        do {
            return try Card(parsing: card).selecting(selection)
        } catch {
            return card
        }
    }

    private static func isCard(_ type: String?) -> Bool {
        guard let type else { return true }
        let essence = type.lowercased().prefix { $0 != ";" && $0 != " " }
        return essence == "text/vcard"
    }

    private static func selection(_ element: XMLElement) -> PropertySelection? {
        guard let name = element.attribute("name"), !name.isEmpty else { return nil }
        return PropertySelection(
            name: name,
            withoutValue: element.attribute("novalue")?.lowercased() == "yes"
        )
    }
}
