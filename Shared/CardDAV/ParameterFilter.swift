import VCard
import WebDAV

/// A condition on a property's parameter (RFC 6352 §10.5.2).
struct ParameterFilter: Sendable {
    private enum Condition: Sendable {
        case present, absent
        case text(TextMatch)
    }

    private let name: String
    private let condition: Condition

    init(_ element: XMLElement) throws(Refusal) {
        name = try Filter.name(of: element)
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

    func matches(_ property: Property) -> Bool {
        let isPresent = property.has(parameter: name)
        switch condition {
        case .present: return isPresent
        case .absent: return !isPresent
        case .text(let match):
            return isPresent
                && property.values(of: name).contains { value in
                    var text = Haystack(value)
                    return match.matches(&text)
                }
        }
    }
}
