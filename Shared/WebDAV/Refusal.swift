/// What a client is told when something is not done: a status and, where an RFC names one, the
/// precondition that did not hold (RFC 4918 §16).
public struct Refusal: Error, Sendable {
    /// The status code.
    public let status: Int
    /// The element that names the precondition.
    public let condition: QualifiedName?
    /// What the condition is about: the `href` elements inside it.
    public let hrefs: [String]
    /// The privilege that is missing, where that is the condition (RFC 3744 §7.1.1).
    public let privilege: QualifiedName?
    /// One sentence for people; it stands in the body, in a namespace of ours.
    public let reason: String
    /// Header fields that the answer must have.
    public var headers: [(String, String)] = []

    /// Says what is not done, and why.
    public init(
        _ status: Int,
        _ condition: QualifiedName? = nil,
        hrefs: [String] = [],
        privilege: QualifiedName? = nil,
        reason: String = ""
    ) {
        self.status = status
        self.condition = condition
        self.hrefs = hrefs
        self.privilege = privilege
        self.reason = reason
    }

    /// The `DAV:error` document; empty where there is nothing to tell.
    public func body() -> [UInt8] {
        guard condition != nil || !reason.isEmpty else { return [] }
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("error"))
        if let condition {
            xml.open(condition)
            if let privilege {
                xml.literal("<D:resource>")
                for href in hrefs { xml.element(.dav("href"), text: href) }
                xml.literal("<D:privilege>")
                xml.empty(privilege)
                xml.literal("</D:privilege></D:resource>")
            } else {
                for href in hrefs { xml.element(.dav("href"), text: href) }
            }
            xml.close(condition)
        }
        if !reason.isEmpty { xml.element(Self.reasonName, text: reason) }
        xml.close(.dav("error"))
        return xml.bytes
    }

    private static let reasonName = QualifiedName("urn:everlock:contacts", "reason")
}

extension Refusal {
    /// RFC 4918 §9.1: a listing of everything is not given.
    public static let propfindFiniteDepth = Refusal(403, .dav("propfind-finite-depth"))

    /// RFC 3253 §3.6: no such report on this resource.
    public static let supportedReport = Refusal(403, .dav("supported-report"))

    /// RFC 4918 §9.3.1 with RFC 3253's name for it: something is there already.
    public static let resourceMustBeNull = Refusal(405, .dav("resource-must-be-null"))

    /// RFC 5689 §3.3: no such type of resource is made here.
    public static let validResourcetype = Refusal(403, .dav("valid-resourcetype"))

    /// RFC 6578 §3.2: a token that is not this collection's.
    public static let validSyncToken = Refusal(403, .dav("valid-sync-token"))

    /// RFC 6578 §3.6: a limit that no answer can keep.
    public static let numberOfMatchesWithinLimits = Refusal(
        507, .dav("number-of-matches-within-limits"))

    /// RFC 6352 §5.2, §6.3.1: no address book can be made there.
    public static let addressbookCollectionLocationOK = Refusal(
        403, .carddav("addressbook-collection-location-ok"))

    /// RFC 6352 §6.3.2.1: more bytes than `max-resource-size`.
    public static let maxResourceSize = Refusal(413, .carddav("max-resource-size"))

    /// RFC 6352 §8.6: text cannot be compared that way.
    public static let supportedCollation = Refusal(403, .carddav("supported-collation"))

    /// RFC 6352 §10.4: cards are not given in that form.
    public static let supportedAddressDataConversion = Refusal(
        415, .carddav("supported-address-data-conversion"))

    /// RFC 6352 §8.6: a filter with something in it that is not known.
    public static func supportedFilter(_ reason: String) -> Refusal {
        Refusal(403, .carddav("supported-filter"), reason: reason)
    }

    /// RFC 6352 §6.3.2.1: the bytes are no card.
    public static func validAddressData(reason: String) -> Refusal {
        Refusal(400, .carddav("valid-address-data"), reason: reason)
    }

    /// RFC 6352 §6.3.2.1: the UID belongs to the card at the href.
    public static func noUIDConflict(_ href: String) -> Refusal {
        Refusal(
            409, .carddav("no-uid-conflict"), hrefs: [href], reason: "the UID belongs to \(href)")
    }

    /// RFC 3744 §7.1.1: the user lacks a privilege.
    public static func needPrivileges(href: String, privilege: QualifiedName) -> Refusal {
        Refusal(403, .dav("need-privileges"), hrefs: [href], privilege: privilege)
    }
}
