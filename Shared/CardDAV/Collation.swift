public import VCard

/// How two texts are compared (RFC 4790, RFC 6352 §8.3).
public enum Collation: String, Sendable, CaseIterable {
    /// RFC 4790 §9.2: ASCII letters without their case.
    case asciiCasemap = "i;ascii-casemap"
    /// RFC 5051: every letter without its case, and apart from its marks.
    case unicodeCasemap = "i;unicode-casemap"
    /// RFC 4790 §9.3: byte by byte.
    case octet = "i;octet"

    /// The form of texts that are compared so.
    public var form: TextForm { TextForm(name: rawValue) { key($0) } }

    /// A text in the form in which it is compared byte by byte.
    ///
    /// As RFC 5051 §2 has it, `contains` finds `jose` in `José` (whose decomposed form begins with
    /// the same letters), and `equals` does not. Characters that ``DecompositionTable`` leaves out
    /// match themselves alone: there we depart from RFC 5051 §2 (2)(b).
    func key(_ text: String) -> [UInt8] {
        switch self {
        case .octet: Array(text.utf8)
        case .asciiCasemap: Self.uppercaseASCII(text)
        case .unicodeCasemap: Self.unicodeCasemap(text)
        }
    }

    private static func uppercaseASCII(_ text: String) -> [UInt8] {
        text.utf8.map { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & ~0x20 : byte
        }
    }

    private static func unicodeCasemap(_ text: String) -> [UInt8] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return uppercaseASCII(text) }
        var mapped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            Decomposition.append(titlecase(scalar), to: &mapped)
        }
        return Array(String(mapped).utf8)
    }

    /// RFC 5051 §2 (2)(a): the mapping of UnicodeData.txt, which is to one character always. Where
    /// the standard library knows of more than one (`ß`), that file has none.
    private static func titlecase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let title = scalar.properties.titlecaseMapping.unicodeScalars
        guard let first = title.first, title.count == 1 else { return scalar }
        return first
    }
}
