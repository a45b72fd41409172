/// How a property's value is made up, which decides what has to be escaped in it (RFC 6350 §3.4).
enum ValueShape {
    /// One text: each comma and semicolon in it is escaped.
    case text
    /// Texts with commas between them.
    case list
    /// Components with semicolons between them, each of which may be a list.
    case structured
    /// A URI, in which nothing is escaped.
    case uri
    /// A date, a number, or what is not known: taken as it is.
    case verbatim

    /// The shape that a name's values have where `VALUE` does not say something else.
    static func of(_ name: String) -> ValueShape { shapes[name] ?? .verbatim }

    private static let shapes: [String: ValueShape] = {
        var shapes: [String: ValueShape] = [:]
        for (shape, names) in [
            (ValueShape.text, "FN NOTE TITLE ROLE LABEL PRODID MAILER SORT-STRING KIND EMAIL"),
            (.text, "EXPERTISE HOBBY INTEREST BIRTHPLACE DEATHPLACE X-ABRELATEDNAMES X-ABLABEL"),
            (.list, "NICKNAME CATEGORIES"),
            (.structured, "N ADR ORG GENDER X-GENDER CLIENTPIDMAP"),
            (.uri, "URL SOURCE FBURL CALURI CALADRURI IMPP MEMBER RELATED UID ORG-DIRECTORY"),
            (.uri, "CONTACT-URI"),
        ] {
            for name in names.split(separator: " ") { shapes[String(name)] = shape }
        }
        return shapes
    }()
}

extension Escapes {
    /// A text with the escapes that 3.0 and 4.0 have for it.
    static func escaped(_ text: String) -> [UInt8] {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count)
        for byte in text.utf8 { append(byte, to: &escaped) }
        return escaped
    }

    private static func append(_ byte: UInt8, to escaped: inout [UInt8]) {
        switch byte {
        case 0x0A: escaped += [0x5C, 0x6E]
        case 0x0D: break
        case 0x2C, 0x3B, 0x5C: escaped += [0x5C, byte]
        default: escaped.append(byte)
        }
    }

    /// A value of these escapes in those of 3.0 and 4.0; its separators stay what they are.
    ///
    /// What version 2.1 has for a comma is a comma, since it knows no lists but by habit.
    func standard(_ raw: [UInt8], _ shape: ValueShape) -> [UInt8] {
        guard raw.contains(where: { $0 == 0x5C || $0 == 0x2C || $0 == 0x3B || $0.isLineEnd }) else {
            return raw
        }
        switch shape {
        case .text: return Self.escaped(String(decoding: text(raw[...]), as: UTF8.self))
        case .uri: return Self.unescapedSeparators(raw)
        case .list, .structured, .verbatim: break
        }
        var standard: [UInt8] = []
        standard.reserveCapacity(raw.count)
        var rest = raw[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x5C:
                let isPair =
                    rest.first.map { self == .standard || [0x2C, 0x3A, 0x3B, 0x5C].contains($0) }
                standard.append(0x5C)
                if isPair == true, let next = rest.popFirst() {
                    standard.append(next)
                } else if self == .version21 {
                    standard.append(0x5C)
                }
            case 0x0A: standard += [0x5C, 0x6E]
            case 0x0D: break
            case 0x2C where self == .version21 && shape == .structured: standard += [0x5C, byte]
            default: standard.append(byte)
            }
        }
        return standard
    }

    /// Takes the backslashes before separators away, which some write into URIs.
    private static func unescapedSeparators(_ raw: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(raw.count)
        for (place, byte) in raw.enumerated() {
            let next = place + 1 < raw.count ? raw[place + 1] : 0
            if byte == 0x5C, next == 0x2C || next == 0x3A || next == 0x3B { continue }
            if !byte.isLineEnd { plain.append(byte) }
        }
        return plain
    }
}
