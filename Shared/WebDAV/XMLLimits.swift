/// The limits of a request's body; each is checked while the body arrives.
///
/// RFC 4918 §20.6 warns of bodies made to exhaust a server.
public struct XMLLimits: Sendable {
    /// The most bytes of a body; a multiget of 50,000 hrefs has about five million.
    public var bytes = 8 * 1024 * 1024
    /// The most elements.
    public var elements = 100_000
    /// The deepest nesting; the deepest that an RFC has is nine.
    public var depth = 32
    /// The most attributes of one element.
    public var attributes = 32
    /// The most bytes of one tag, comment or processing instruction. libxml2 reads each whole before
    /// anything of it is told, and compares every attribute with all others; a little more than this
    /// is what that may cost.
    public var markupBytes = 16 * 1024
    /// The most bytes of the text directly inside one element, and of one attribute's value.
    public var textBytes = 64 * 1024

    /// The limits that a server starts with.
    public init() {}
}
