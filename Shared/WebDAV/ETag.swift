/// An entity tag (RFC 9110 §8.8.3).
public struct ETag: Hashable, Sendable, CustomStringConvertible {
    /// What stands between the quotation marks.
    public let opaque: String
    /// Whether the tag only says that two things mean the same.
    public let isWeak: Bool

    /// Joins the parts of a tag.
    public init(opaque: String, isWeak: Bool) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag as a header has it.
    public var description: String { (isWeak ? "W/" : "") + "\"\(opaque)\"" }
}
