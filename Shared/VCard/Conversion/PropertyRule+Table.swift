extension PropertyRule {
    /// Every property that is not told the same way in both versions.
    ///
    /// What is not here goes over as it is, under its own name: version 3.0 allows any name
    /// (RFC 2426 §4, `iana-token`), so do clients. What takes more than one property to tell lies
    /// in ``AddressLabels``, ``SortKeys``, ``RelatedNames``, ``Anniversaries``, ``InstantMessaging``.
    static let table: [PropertyRule] = [
        // Groups as Apple has them in 3.0 (RFC 6350 §6.1.4, §6.6.5).
        PropertyRule("X-ADDRESSBOOKSERVER-KIND", "KIND", .shown, isSingle: true),
        PropertyRule("X-ADDRESSBOOKSERVER-MEMBER", "MEMBER", .shown),

        // RFC 6350 §6.2.5, §6.2.6, §6.2.7, §6.7.4.
        PropertyRule("BDAY", .date),
        PropertyRule("X-ANNIVERSARY", "ANNIVERSARY", .shown, isSingle: true, .date),
        PropertyRule("X-GENDER", "GENDER", .carried, isSingle: true, .gender),
        PropertyRule("REV", .timestamp),

        // RFC 2426 §3.1.4, §3.5.3, §3.6.6, §3.7.2; RFC 6350 §6.2.4, §6.6.3, §6.7.5, §6.8.1.
        PropertyRule("PHOTO", .image),
        PropertyRule("LOGO", .image),
        PropertyRule("SOUND", .audio),
        PropertyRule("KEY", .key),

        // RFC 6350 §6.4.1, §6.5.1, §6.5.2.
        PropertyRule("TEL", .telephone),
        PropertyRule("TZ", .zone),
        PropertyRule("GEO", .place),

        // RFC 6350 §6.6.6.
        PropertyRule("X-ABRELATEDNAMES", "RELATED", .shown, .related),

        // RFC 6350 §6.4.4; RFC 6474; RFC 6715; RFC 8605; RFC 9554.
        PropertyRule("X-LANG", "LANG", .carried, .languageTag),
        PropertyRule("X-BIRTHPLACE", "BIRTHPLACE", .carried, isSingle: true),
        PropertyRule("X-DEATHPLACE", "DEATHPLACE", .carried, isSingle: true),
        PropertyRule("X-DEATHDATE", "DEATHDATE", .carried, isSingle: true, .date),
        PropertyRule("X-EXPERTISE", "EXPERTISE", .carried),
        PropertyRule("X-HOBBY", "HOBBY", .carried),
        PropertyRule("X-INTEREST", "INTEREST", .carried),
        PropertyRule("X-ORG-DIRECTORY", "ORG-DIRECTORY", .carried),
        PropertyRule("X-CONTACT-URI", "CONTACT-URI", .carried),
        PropertyRule("X-PRONOUNS", "PRONOUNS", .carried),
        PropertyRule("X-SOCIALPROFILE", "SOCIALPROFILE", .carried, .socialProfile),

        // Of 3.0 only (RFC 6350 appendix A.2).
        PropertyRule("CLASS", "X-CLASS"),
        PropertyRule("MAILER", "X-MAILER"),
        PropertyRule("NAME", "X-NAME"),
        PropertyRule("PROFILE", "X-PROFILE"),

        // Of 4.0 only, and of no use to who does not speak it: XML of 4.0, the map that belongs to
        // 4.0's way of merging, and what a JSContact card would be told by.
        PropertyRule("", "XML", .leftOut),
        PropertyRule("", "CLIENTPIDMAP", .leftOut),
        PropertyRule("", "JSPROP", .leftOut),
        PropertyRule("", "CREATED", .leftOut),
        PropertyRule("", "GRAMGENDER", .leftOut),
        PropertyRule("", "LANGUAGE", .leftOut),
    ]

    /// The rules by the names of 3.0, and of 4.0.
    static let byName3 = Dictionary(
        table.filter { !$0.name3.isEmpty }.map { ($0.name3, $0) },
        uniquingKeysWith: { first, _ in first }
    )
    static let byName4 = Dictionary(
        table.map { ($0.name4, $0) },
        uniquingKeysWith: { first, _ in first }
    )
}
