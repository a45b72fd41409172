import VCard
import WebDAV

/// A condition on the properties of one name (RFC 6352 §10.5.1).
struct PropertyFilter: Sendable {
    private enum Condition: Sendable {
        case text(TextMatch)
        case parameter(ParameterFilter)
    }

    /// In upper case: vCard's names and groups have no case (RFC 6350 §3.3).
    private let name: String
    private let test: Filter.Test
    private let isAbsent: Bool
    private let conditions: [Condition]

    init(_ element: XMLElement) throws(Refusal) {
        name = try Filter.name(of: element).uppercased()
        test = try Filter.test(of: element)
        isAbsent = element.first(.carddav("is-not-defined")) != nil
        guard !isAbsent || element.children.count == 1 else {
            throw .supportedFilter("is-not-defined stands alone in a prop-filter")
        }
        conditions = isAbsent ? [] : try element.children.map(Self.condition)
    }

    private static func condition(_ element: XMLElement) throws(Refusal) -> Condition {
        switch element.name {
        case .carddav("text-match"): return .text(try TextMatch(element))
        case .carddav("param-filter"): return .parameter(try ParameterFilter(element))
        default:
            throw .supportedFilter("\(element.name.localName) is not part of a prop-filter")
        }
    }

    func matches(_ card: Card) -> Bool {
        let properties = card.properties.lazy.filter(isNamed)
        if isAbsent { return properties.isEmpty }
        if conditions.isEmpty { return !properties.isEmpty }
        return properties.contains(where: holds)
    }

    private func holds(_ property: Property) -> Bool {
        var text = Haystack(property.text)
        return test.holds(conditions) { condition in
            switch condition {
            case .text(let match): match.matches(&text)
            case .parameter(let filter): filter.matches(property)
            }
        }
    }

    /// A name without a group means the property in any group, one with a group in that alone.
    private func isNamed(_ property: Property) -> Bool {
        if property.name == name { return true }
        guard let group = property.group else { return false }
        return "\(group.uppercased()).\(property.name)" == name
    }
}
