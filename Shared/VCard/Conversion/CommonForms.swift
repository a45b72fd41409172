extension ValueForm {
    /// What every property goes through: the preferred one (RFC 6350 §5.3), and that 4.0 is UTF-8
    /// and knows no transfer encodings (§3.1, appendix A.2).
    static let common = ValueForm(
        up: { line in
            if line.types.contains("pref") {
                line.removeTypes { $0 == "pref" }
                if line.first("PREF") == nil { line.set("PREF", "1") }
            }
            line.remove("CHARSET")
            if line.valueType == "url" { line.set("VALUE", "uri") }
            if line.valueType == "inline" { line.remove("VALUE") }
        },
        down: { line in
            if line.first("PREF") == "1" {
                line.remove("PREF")
                line.addType("PREF")
            }
        }
    )

    /// `M`, `F`, `O`, `N`, `U`, and what the person says of it (RFC 6350 §6.2.7). In 3.0 some write
    /// the word out.
    static let gender = ValueForm(
        up: { line in
            let sex = line.value.prefix { $0 != 0x3B }.map(\.upperCase)
            switch String(decoding: sex, as: UTF8.self) {
            case "", "M", "F", "O", "N", "U": break
            case "MALE": line.value.replaceSubrange(..<sex.count, with: "M".utf8)
            case "FEMALE": line.value.replaceSubrange(..<sex.count, with: "F".utf8)
            default: line.value = [0x3B] + Escapes.escaped(line.text)
            }
        },
        down: { _ in }
    )

    /// A language is a tag by default (RFC 6350 §6.4.4).
    static let languageTag = ValueForm(
        up: { if $0.valueType == "language-tag" { $0.remove("VALUE") } },
        down: { if $0.valueType == "language-tag" { $0.remove("VALUE") } }
    )

    /// A URI by default in 4.0 (RFC 9554 §3.5), as it is in what Apple has for it in 3.0.
    static let socialProfile = ValueForm(
        up: { line in
            line.remove("VALUE")
            if URIText.scheme(of: line.value) == nil { line.set("VALUE", "text") }
        },
        down: { $0.remove("VALUE") }
    )
}
