/// Letters of other alphabets in ASCII, as far as a table goes.
///
/// The tables list small letters; a capital is looked up by its small one.
enum Transliteration {
    /// The lower-case ASCII letters or digits for a scalar; empty where there are none.
    ///
    /// The scalar before it matters to Greek, where a `u` is written with two letters.
    static func ascii(
        _ scalar: Unicode.Scalar,
        after previous: Unicode.Scalar? = nil
    ) -> String {
        switch scalar {
        case "υ", "ύ", "Υ", "Ύ": previous == "ο" || previous == "Ο" ? "u" : "y"
        case "a"..."z", "0"..."9": String(scalar)
        case "A"..."Z": String(scalar).lowercased()
        default: table[scalar] ?? table[lowerCase(scalar)] ?? ""
        }
    }

    /// Whether a scalar only modifies the letter before it.
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        default: silent.contains(scalar)
        }
    }

    private static func lowerCase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
    }

    /// The hard and the soft sign of Cyrillic have no sound of their own.
    private static let silent: Set<Unicode.Scalar> = ["ъ", "ь", "Ъ", "Ь"]

    /// Built once from the tables of each script.
    private static let table: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        for (ascii, letters) in marked + digraphs + greek + cyrillic {
            for scalar in letters.unicodeScalars { table[scalar] = ascii }
        }
        return table
    }()
}
