import VCard
import WebDAV

/// A condition on a property's parameter (RFC 6352 §10.5.2).
struct ParameterFilter: Sendable {
    private enum Condition: Sendable {
        case present, absent
        case text(TextMatch)
    }

    /// In upper case: names of parameters have no case (RFC 6350 §3.3).
    private let name: String
    private let condition: Condition

    init(_ element: XMLElement) throws(Refusal) {
        name = try Filter.name(of: element).uppercased()
        guard element.children.count <= 1 else {
            throw .supportedFilter("a param-filter has one condition at most")
        }
        switch element.children.first {
        case nil: condition = .present
        case let child? where child.name == .carddav("is-not-defined"): condition = .absent
        case let child? where child.name == .carddav("text-match"):
            condition = .text(try TextMatch(child))
        case let child?:
            throw .supportedFilter("\(child.name.localName) is not part of a param-filter")
        }
    }

    /// Whether the condition holds for a property with these parameters; a text that must not match
    /// still needs a parameter to be looked for in.
    func matches(_ parameters: [Parameter]) -> Bool {
        let named = parameters.filter { $0.name == name }
        return switch condition {
        case .present: !named.isEmpty
        case .absent: named.isEmpty
        case .text(let match): !named.isEmpty && match.matches(oneOf: named.flatMap(\.values))
        }
    }
}
