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
    /// Header fields that the answer must have, for example `Allow` or `Retry-After`.
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

    /// The `DAV:error` document (RFC 4918 §14.5); empty where there is nothing to tell.
    public func body() -> [UInt8] {
        guard condition != nil || !reason.isEmpty else { return [] }
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("error"))
        if let condition {
            xml.open(condition)
            for href in hrefs { add(href, to: &xml) }
            xml.close(condition)
        }
        if !reason.isEmpty { xml.element(Self.reasonName, text: reason) }
        xml.close(.dav("error"))
        return xml.bytes
    }

    private func add(_ href: String, to xml: inout XMLBuffer) {
        guard let privilege else { return xml.element(.dav("href"), text: href) }
        xml.open(.dav("resource"))
        xml.element(.dav("href"), text: href)
        xml.open(.dav("privilege"))
        xml.empty(privilege)
        xml.close(.dav("privilege"))
        xml.close(.dav("resource"))
    }

    private static let reasonName = QualifiedName("urn:everlock:contacts", "reason")
}
