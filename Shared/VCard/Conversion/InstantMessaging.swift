/// Addresses of messengers: a property for each in old clients' cards, a URI in IMPP (RFC 4770, which
/// is 3.0 too; RFC 6350 §6.4.3).
enum InstantMessaging {
    /// Which of the old names an IMPP stands for, so that it can become that again.
    private static let origin = "X-PROPERTY-NAME"

    private static let services: [(name: String, scheme: String)] = [
        ("X-AIM", "aim"), ("X-ICQ", "icq"), ("X-JABBER", "xmpp"), ("X-MSN", "msnim"),
        ("X-YAHOO", "ymsgr"), ("X-SKYPE", "skype"), ("X-SKYPE-USERNAME", "skype"),
        ("X-GTALK", "gtalk"), ("X-GOOGLE-TALK", "gtalk"), ("X-QQ", "qq"), ("X-GADUGADU", "gg"),
        ("X-GROUPWISE", "groupwise"), ("X-ZEPHYR", "zephyr"), ("X-MATRIX", "matrix"),
    ]

    private static let schemes = Dictionary(
        services.map { ($0.name, $0.scheme) },
        uniquingKeysWith: { first, _ in first }
    )

    /// Makes each an IMPP, but for one that an IMPP of the card tells already.
    static func up(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard lines.contains(where: { schemes[$0.name] != nil }) else { return lines }
        let told = Set(lines.filter { $0.name == "IMPP" }.map(\.value))
        return lines.map { line in
            guard let scheme = schemes[line.name], line.valueType == nil else { return line }
            let uri = Array("\(scheme):".utf8) + URIText.encoded(line.text)
            guard !told.contains(uri), !line.value.isEmpty else { return line }
            var line = line
            line.set(origin, line.name)
            line.name = "IMPP"
            line.value = uri
            return line
        }
    }

    /// Makes what was one of the old properties that property again.
    static func down(_ lines: [ConversionLine]) -> [ConversionLine] {
        lines.map { line in
            guard line.name == "IMPP", let name = line.first(origin)?.uppercased(),
                let scheme = schemes[name], URIText.scheme(of: line.value) == scheme
            else { return line }
            var line = line
            line.name = name
            line.remove(origin)
            let address = URIText.decoded(line.value.dropFirst(scheme.utf8.count + 1))
            line.value = Escapes.escaped(String(decoding: address, as: UTF8.self))
            return line
        }
    }
}
