/// Why a body is no XML that is read here.
public enum XMLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not well-formed; `code` is libxml2's.
    case malformed(line: Int, code: Int32)
    /// A DOCTYPE: no request has one, and entities come with it.
    case doctype
    /// A prefix that nothing declares (Namespaces in XML 1.0 §5).
    case unboundPrefix(String)
    /// More bytes than the limit.
    case tooLarge(limit: Int)
    /// More elements than the limit.
    case tooManyElements(limit: Int)
    /// Deeper than the limit.
    case tooDeep(limit: Int)
    /// More attributes than the limit.
    case tooManyAttributes(limit: Int)
    /// More bytes of one tag, comment or processing instruction than the limit.
    case markupTooLong(limit: Int)
    /// More bytes of text in one element, or in one attribute, than the limit.
    case textTooLong(limit: Int)

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .malformed(let line, let code): "line \(line) is not well-formed XML (\(code))"
        case .doctype: "a document type declaration is not accepted"
        case .unboundPrefix(let prefix): "the prefix \(prefix) has no namespace"
        case .tooLarge(let limit): "the XML is larger than \(limit) bytes"
        case .tooManyElements(let limit): "the XML has more than \(limit) elements"
        case .tooDeep(let limit): "the XML is nested deeper than \(limit)"
        case .tooManyAttributes(let limit): "an element has more than \(limit) attributes"
        case .markupTooLong(let limit): "a tag in the XML is longer than \(limit) bytes"
        case .textTooLong(let limit): "a text in the XML is longer than \(limit) bytes"
        }
    }
}
