internal import VCard
public import WebDAV

/// In what form a report is to give cards (RFC 6352 §10.4).
///
/// Read forgivingly: empty, with a child `allprop` (KDE), with attributes in any letter case
/// (vdirsyncer).
public struct AddressDataRequest: Sendable {
    /// The properties wanted; none for all.
    private let selection: [PropertySelection]

    /// Reads an `address-data` element.
    ///
    /// - Throws: ``Refusal`` with `supported-address-data-conversion` for a type that no card is
    ///   given in.
    public init(_ element: XMLElement) throws(Refusal) {
        if let type = element.attribute("content-type")?.lowercased(), type != "text/vcard" {
            throw .supportedAddressDataConversion
        }
        if let version = element.attribute("version"), version != "3.0", version != "4.0" {
            throw .supportedAddressDataConversion
        }
        var selection: [PropertySelection] = []
        for child in element.all(.carddav("prop")) {
            guard let name = child.attribute("name"), !name.isEmpty else { continue }
            selection.append(
                PropertySelection(
                    name: name,
                    withoutValue: child.attribute("novalue")?.lowercased() == "yes"))
        }
        self.selection = selection
    }

    /// A card in that form; one that cannot be read is given as it is.
    public func render(_ bytes: [UInt8]) -> [UInt8] {
        if selection.isEmpty { return bytes }
        do {
            return try Card(parsing: bytes).selecting(selection)
        } catch {
            return bytes
        }
    }
}
