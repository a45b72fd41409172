/// The value types of jCard (RFC 7095 §3.5).
enum JCardType {
    /// A property's type: what `VALUE` says, else its default, else `unknown` (RFC 7095 §3.4.1).
    static func of(_ property: Property) -> String {
        if let type = property.values(of: "VALUE").first { return type.lowercased() }
        guard let type = defaults[property.name] else { return "unknown" }
        // A UID is a URI by default, and what is none is a text (RFC 6350 §6.7.6).
        let isText = property.name == "UID" && URIText.scheme(of: property.unfolded) == nil
        return isText ? "text" : type
    }

    private static let defaults: [String: String] = {
        var defaults: [String: String] = [:]
        for (type, names) in [
            (
                "text",
                "VERSION FN N NICKNAME GENDER ADR TEL EMAIL TZ TITLE ROLE ORG CATEGORIES NOTE"
                    + " PRODID KIND XML CLIENTPIDMAP BIRTHPLACE DEATHPLACE EXPERTISE HOBBY"
                    + " INTEREST GRAMGENDER PRONOUNS"
            ),
            (
                "uri",
                "SOURCE PHOTO IMPP GEO LOGO MEMBER RELATED SOUND UID URL KEY FBURL CALADRURI"
                    + " CALURI ORG-DIRECTORY CONTACT-URI SOCIALPROFILE"
            ),
            ("date-and-or-time", "BDAY ANNIVERSARY DEATHDATE"),
            ("timestamp", "REV CREATED"),
            ("language-tag", "LANG LANGUAGE"),
        ] {
            for name in names.split(separator: " ") { defaults[String(name)] = type }
        }
        return defaults
    }()
}
