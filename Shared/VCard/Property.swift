/// One parameter of a property, its name in upper case.
public struct Parameter: Sendable, Equatable {
    /// The name, for example `TYPE`. A value that 2.1 gives without a name is a `TYPE`.
    public let name: String
    /// The values, unquoted and with RFC 6868's escapes resolved.
    public let values: [String]
}

/// One property of a card.
public struct Property: Sendable, Equatable {
    /// What stands before the dot: `item1` of `item1.EMAIL`.
    public let group: String?
    /// The name in upper case, without the group.
    public let name: String
    /// The parameters, in order.
    public let parameters: [Parameter]
    /// The value, unfolded but still escaped.
    public let rawValue: String
    /// Where the property stands in the card's bytes, folds and line end included.
    public let byteRange: Range<Int>
    /// Where the value begins in the card's bytes.
    let valueOffset: Int

    /// The values of a parameter, by its name in any letter case.
    public func values(of parameter: String) -> [String] {
        let name = parameter.uppercased()
        return parameters.filter { $0.name == name }.flatMap(\.values)
    }

    /// Whether the property has a parameter.
    public func has(parameter: String) -> Bool {
        let name = parameter.uppercased()
        return parameters.contains { $0.name == name }
    }

    /// The value as text: the escapes of RFC 6350 §3.4 resolved, and 2.1's quoted-printable.
    public var text: String {
        if isQuotedPrintable { return QuotedPrintable.decode(rawValue, isLatin1: isLatin1) }
        return Escapes.text(rawValue)
    }

    /// The parts of a structured value: lists between semicolons (N, ADR, ORG).
    public var components: [[String]] {
        let value = isQuotedPrintable
            ? QuotedPrintable.decode(rawValue, isLatin1: isLatin1) : rawValue
        return Escapes.split(value, at: ";").map { part in
            Escapes.split(part, at: ",").map(Escapes.text)
        }
    }

    var isQuotedPrintable: Bool {
        parameters.contains { parameter in
            (parameter.name == "ENCODING" || parameter.name == "TYPE")
                && parameter.values.contains { $0.uppercased() == "QUOTED-PRINTABLE" }
        }
    }

    private var isLatin1: Bool {
        values(of: "CHARSET").contains { ["ISO-8859-1", "WINDOWS-1252"].contains($0.uppercased()) }
    }
}

/// The backslashes of a value.
enum Escapes {
    /// Resolves `\n`, `\,`, `\;`, `\\` and, for what others write, any other escaped character.
    static func text(_ raw: some StringProtocol) -> String {
        guard raw.utf8.contains(0x5C) else { return String(raw) }
        var text = ""
        var isEscaped = false
        for scalar in raw.unicodeScalars {
            if isEscaped {
                text.unicodeScalars.append(scalar == "n" || scalar == "N" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Cuts a value at a separator that no backslash stands before.
    static func split(_ raw: String, at separator: Unicode.Scalar) -> [String] {
        var parts: [String] = []
        var part = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in raw.unicodeScalars {
            if !isEscaped, scalar == separator {
                parts.append(String(part))
                part = String.UnicodeScalarView()
            } else {
                part.append(scalar)
            }
            isEscaped = !isEscaped && scalar == "\\"
        }
        parts.append(String(part))
        return parts
    }
}

/// The quoted-printable values of vCard 2.1 (RFC 2045 §6.7).
enum QuotedPrintable {
    static func decode(_ raw: String, isLatin1: Bool) -> String {
        let input = Array(raw.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(input.count)
        var position = 0
        while position < input.count {
            if input[position] == 0x3D, position + 2 < input.count,
                let high = hex(input[position + 1]), let low = hex(input[position + 2])
            {
                bytes.append(high << 4 | low)
                position += 3
            } else {
                bytes.append(input[position])
                position += 1
            }
        }
        if isLatin1 {
            var text = String.UnicodeScalarView()
            for byte in bytes { text.append(Unicode.Scalar(byte)) }
            return String(text)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
