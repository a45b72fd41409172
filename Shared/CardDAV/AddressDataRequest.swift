internal import VCard
public import WebDAV

/// In what form a report is to give cards (RFC 6352 §10.4).
///
/// Read forgivingly: empty, with a child `allprop` (KDE), with attributes in any letter case
/// (vdirsyncer).
public struct AddressDataRequest: Sendable {
    /// The most properties that one request names.
    public static let maximumProperties = 256

    /// The properties wanted; none for all.
    private let selection: [PropertySelection]
    /// What cards are converted to; `nil` where the client names no version, and gets each card as
    /// it is kept.
    ///
    /// The default that RFC 6352 §10.4 gives for `version` is not applied: a client that leaves it
    /// out stores cards of either version, and would not get its own back.
    private let form: CardForm?

    /// Reads an `address-data` element.
    ///
    /// - Throws: ``Refusal`` with `supported-address-data` for a media type or a version that no
    ///   card is given in, with status 400 for too many properties.
    public init(_ element: XMLElement) throws(Refusal) {
        form = try Self.form(element)
        let properties = element.all(.carddav("prop"))
        guard properties.count <= Self.maximumProperties else {
            throw Refusal(400, reason: "at most \(Self.maximumProperties) properties of a card")
        }
        let wantsAll = element.children.contains { $0.name.localName == "allprop" }
        selection = wantsAll ? [] : properties.compactMap(Self.selection)
    }

    /// Whether cards are wanted just as they are kept.
    public var isWhole: Bool { selection.isEmpty && form == nil }

    /// What the element in the answer says of its content: what the client asked for.
    public var contentType: (type: String, version: String)? {
        form.map { ($0.mediaType, $0.version) }
    }

    /// A card in that form.
    ///
    /// One that cannot be read is given as it is, unless it is to be converted.
    ///
    /// - Returns: `nil` where the card cannot be given in the form asked for
    ///   (`supported-address-data-conversion`, RFC 6352 §5.1.1).
    public func render(_ card: [UInt8]) -> [UInt8]? {
        if isWhole { return card }
        do {
            let card = try Card(parsing: card)
            guard let form else { return card.selecting(selection) }
            return try card.rendered(as: form, selecting: selection)
        } catch {
            return form == nil ? card : nil
        }
    }

    private static func form(_ element: XMLElement) throws(Refusal) -> CardForm? {
        let type = MediaRange(element.attribute("content-type") ?? "text/vcard")
        let version = element.attribute("version") ?? type?["version"]
        switch (type?.type, version) {
        case ("text/vcard", nil): return nil
        case ("text/vcard", "3.0"): return .text(.v3_0)
        case ("text/vcard", "4.0"): return .text(.v4_0)
        case ("application/vcard+json", nil), ("application/vcard+json", "4.0"): return .jCard
        default: throw .supportedAddressData
        }
    }

    private static func selection(_ element: XMLElement) -> PropertySelection? {
        guard let name = element.attribute("name"), !name.isEmpty else { return nil }
        return PropertySelection(
            name: name,
            withoutValue: element.attribute("novalue")?.lowercased() == "yes"
        )
    }
}
