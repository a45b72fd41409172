// The preconditions that RFCs name. Where an RFC leaves the status open, RFC 4918 §16 decides: 403
// for what would always fail, 409 for what the user can resolve.

extension Refusal {
    /// RFC 4918 §9.1: a listing of everything is not given.
    public static let propfindFiniteDepth = Refusal(403, .dav("propfind-finite-depth"))

    /// RFC 4918 §16: the body refers to something outside itself.
    public static let noExternalEntities = Refusal(403, .dav("no-external-entities"))

    /// RFC 4918 §16: the property is the server's own, and no client sets it.
    public static let cannotModifyProtectedProperty = Refusal(
        403,
        .dav("cannot-modify-protected-property")
    )

    /// RFC 3253 §3.6: no such report on this resource.
    public static let supportedReport = Refusal(403, .dav("supported-report"))

    /// RFC 4918 §9.3.1 with RFC 3253's name for it: something is there already.
    public static let resourceMustBeNull = Refusal(405, .dav("resource-must-be-null"))

    /// RFC 5689 §3.3: no such type of resource is made here.
    public static let validResourcetype = Refusal(403, .dav("valid-resourcetype"))

    /// RFC 6578 §3.2: a token that is not this collection's.
    public static let validSyncToken = Refusal(403, .dav("valid-sync-token"))

    /// RFC 6578 §3.7, RFC 3744 §9.2: a limit that no answer can keep.
    public static let numberOfMatchesWithinLimits = Refusal(
        507,
        .dav("number-of-matches-within-limits")
    )

    /// RFC 3744 §7.1.1: the user lacks a privilege.
    public static func needPrivileges(href: String, privilege: QualifiedName) -> Refusal {
        Refusal(403, .dav("need-privileges"), hrefs: [href], privilege: privilege)
    }
}

extension Refusal {
    /// RFC 6352 §5.2, §6.3.1: no address book can be made there.
    public static let addressbookCollectionLocationOK = Refusal(
        403,
        .carddav("addressbook-collection-location-ok")
    )

    /// RFC 6352 §6.3.2.1: more bytes than `max-resource-size` (RFC 9110 §15.5.14 has the status).
    public static let maxResourceSize = Refusal(413, .carddav("max-resource-size"))

    /// RFC 6352 §8.3: text cannot be compared that way.
    public static let supportedCollation = Refusal(403, .carddav("supported-collation"))

    /// RFC 6352 §8.6, §8.7: a report asks for cards in a form that none is given in.
    public static let supportedAddressData = Refusal(403, .carddav("supported-address-data"))

    /// RFC 6352 §5.1.1.1: no form of the card is one that `Accept` names (RFC 9110 §15.5.7).
    public static let notAcceptable = Refusal(
        406,
        .carddav("supported-address-data-conversion"),
        reason: "cards are given as text/vcard of version 3.0 or 4.0, or as application/vcard+json"
    )

    /// RFC 6352 §8.6: a filter with something in it that is not known.
    public static func supportedFilter(_ reason: String) -> Refusal {
        Refusal(403, .carddav("supported-filter"), reason: reason)
    }

    /// RFC 6352 §6.3.2.1: the bytes are no card.
    public static func validAddressData(reason: String) -> Refusal {
        Refusal(403, .carddav("valid-address-data"), reason: reason)
    }

    /// RFC 6352 §6.3.2.1: the UID belongs to the card at the href. 403 and not 409: DAVx5 4 drops the
    /// local edit without a word on 409, and shows an error on 403.
    public static func noUIDConflict(_ href: String) -> Refusal {
        Refusal(
            403,
            .carddav("no-uid-conflict"),
            hrefs: [href],
            reason: "the UID belongs to \(href)"
        )
    }
}
