/// Letters of other alphabets in ASCII, as far as a table goes.
enum Transliteration {
    /// The lower-case ASCII letters or digits for a scalar; empty where there are none.
    static func ascii(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
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

    private static let table: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        for (ascii, letters) in marked + digraphs + greek + cyrillic {
            for scalar in letters.unicodeScalars { table[scalar] = ascii }
        }
        return table
    }()

    /// Latin letters with marks, by the letter without them.
    private static let marked: [(String, String)] = [
        ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
        ("b", "ḃḅḇ"),
        ("c", "çćĉċčḉ"),
        ("d", "ďḋḍḏḑḓ"),
        ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
        ("f", "ḟ"),
        ("g", "ĝğġģǧǵḡ"),
        ("h", "ĥȟḣḥḧḩḫẖ"),
        ("i", "ìíîïĩīĭįİǐȉȋḭḯỉị"),
        ("j", "ĵǰ"),
        ("k", "ķǩḱḳḵ"),
        ("l", "ĺļľḷḹḻḽ"),
        ("m", "ḿṁṃ"),
        ("n", "ñńņňǹṅṇṉṋ"),
        ("o", "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
        ("p", "ṕṗ"),
        ("r", "ŕŗřȑȓṙṛṝṟ"),
        ("s", "śŝşšșṡṣṥṧṩ"),
        ("t", "ţťțṫṭṯṱẗ"),
        ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
        ("v", "ṽṿ"),
        ("w", "ŵẁẃẅẇẉẘ"),
        ("x", "ẋẍ"),
        ("y", "ýÿŷȳẏẙỳỵỷỹ"),
        ("z", "źżžẑẓẕ"),
    ]

    /// Latin letters that are no letter with a mark.
    private static let digraphs: [(String, String)] = [
        ("ae", "æ"),
        ("d", "đð"),
        ("dz", "ǆ"),
        ("e", "ə"),
        ("f", "ƒ"),
        ("h", "ħ"),
        ("i", "ı"),
        ("ij", "ĳ"),
        ("k", "ĸ"),
        ("l", "łŀ"),
        ("lj", "ǉ"),
        ("n", "ŋ"),
        ("nj", "ǌ"),
        ("o", "ø"),
        ("oe", "œ"),
        ("s", "ſ"),
        ("ss", "ßẞ"),
        ("t", "ŧ"),
        ("th", "þ"),
    ]

    /// Greek, after ISO 843 with the accents dropped.
    private static let greek: [(String, String)] = [
        ("a", "αά"),
        ("ch", "χ"),
        ("d", "δ"),
        ("e", "εέ"),
        ("f", "φ"),
        ("g", "γ"),
        ("i", "ηιήίϊΐ"),
        ("k", "κ"),
        ("l", "λ"),
        ("m", "μ"),
        ("n", "ν"),
        ("o", "οωόώ"),
        ("p", "π"),
        ("ps", "ψ"),
        ("r", "ρ"),
        ("s", "σς"),
        ("t", "τ"),
        ("th", "θ"),
        ("v", "β"),
        ("x", "ξ"),
        ("y", "υύϋΰ"),
        ("z", "ζ"),
    ]

    /// Cyrillic, after the usual English spelling.
    private static let cyrillic: [(String, String)] = [
        ("a", "а"),
        ("b", "б"),
        ("c", "ћ"),
        ("ch", "ч"),
        ("d", "д"),
        ("dj", "ђ"),
        ("dz", "џѕ"),
        ("e", "еэё"),
        ("f", "ф"),
        ("g", "гґ"),
        ("gj", "ѓ"),
        ("i", "ийі"),
        ("j", "ј"),
        ("k", "к"),
        ("kh", "х"),
        ("kj", "ќ"),
        ("l", "л"),
        ("lj", "љ"),
        ("m", "м"),
        ("n", "н"),
        ("nj", "њ"),
        ("o", "о"),
        ("p", "п"),
        ("r", "р"),
        ("s", "с"),
        ("sh", "ш"),
        ("shch", "щ"),
        ("t", "т"),
        ("ts", "ц"),
        ("u", "уў"),
        ("v", "в"),
        ("y", "ы"),
        ("ya", "я"),
        ("ye", "є"),
        ("yi", "ї"),
        ("yu", "ю"),
        ("z", "з"),
        ("zh", "ж"),
    ]
}
