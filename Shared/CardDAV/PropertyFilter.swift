import VCard
import WebDAV

/// A condition on the properties of one name (RFC 6352 §10.5.1).
struct PropertyFilter: Sendable {
    private enum Condition: Sendable {
        case text(TextMatch)
        case parameter(ParameterFilter)

        var collation: Collation? {
            if case .text(let match) = self { match.collation } else { nil }
        }
    }

    /// A name without a group means the property in any group, one with a group in that alone.
    private let selection: PropertySelection
    private let test: Filter.Test
    private let isAbsent: Bool
    private let conditions: [Condition]
    /// By what the texts are compared, never none: without a text any will do.
    private let collations: [Collation]

    init(_ element: XMLElement) throws(Refusal) {
        selection = PropertySelection(name: try Filter.name(of: element))
        test = try Filter.test(of: element)
        isAbsent = element.first(.carddav("is-not-defined")) != nil
        guard !isAbsent || element.children.count == 1 else {
            throw .supportedFilter("is-not-defined stands alone in a prop-filter")
        }
        let conditions = isAbsent ? [] : try element.children.map(Self.condition)
        self.conditions = conditions
        let asked = Set(conditions.compactMap(\.collation))
        collations = asked.isEmpty ? [.unicodeCasemap] : Array(asked)
    }

    private static func condition(_ element: XMLElement) throws(Refusal) -> Condition {
        switch element.name {
        case .carddav("text-match"): return .text(try TextMatch(element))
        case .carddav("param-filter"): return .parameter(try ParameterFilter(element))
        default:
            throw .supportedFilter("\(element.name.localName) is not part of a prop-filter")
        }
    }

    /// The columns that the condition looks at: one for each collation.
    var columns: [PropertyColumn.Name] { collations.map(column) }

    private func column(_ collation: Collation) -> PropertyColumn.Name {
        PropertyColumn.Name(selection.upperName, collation.form)
    }

    /// For which cards the condition holds.
    func matches(in columns: FilterColumns) -> [Bool] {
        // The columns of one name have the same properties at the same places.
        let column = columns[column(collations[0])]
        let isNamed = column.heads.map { selection.allows(group: $0.group) }
        let holds = conditions.isEmpty ? nil : holds(in: columns, column)
        var cards = [Bool](repeating: isAbsent, count: column.cardCount)
        for (property, card) in column.cards.enumerated()
        where isNamed[Int(column.headNumbers[property])] {
            if holds?[property] ?? true { cards[Int(card)] = !isAbsent }
        }
        return cards
    }

    /// For which properties the conditions hold.
    private func holds(in columns: FilterColumns, _ column: PropertyColumn) -> [Bool] {
        test.joined(conditions) { condition in
            switch condition {
            case .text(let match):
                return match.matches(in: columns[self.column(match.collation)])
            case .parameter(let filter):
                let holds = column.heads.map { filter.matches($0.parameters) }
                return column.headNumbers.map { holds[Int($0)] }
            }
        }
    }
}
