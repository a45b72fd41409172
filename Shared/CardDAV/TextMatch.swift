import VCard
import WebDAV

/// A text to be found (RFC 6352 §10.5.4).
struct TextMatch: Sendable {
    private let needle: Needle
    private let isNegated: Bool

    init(_ element: XMLElement) throws(Refusal) {
        guard element.text.utf8.count <= Filter.maximumTextBytes else {
            throw .supportedFilter("a text is at most \(Filter.maximumTextBytes) bytes long")
        }
        isNegated = try Self.isNegated(element)
        needle = Needle(
            element.text,
            try Self.collation(of: element),
            try Self.matchType(of: element)
        )
    }

    /// By what the text is compared.
    var collation: Collation { needle.collation }

    /// Whether one of a parameter's values matches; negated, whether none does.
    func matches(oneOf values: [String]) -> Bool {
        values.contains { needle.matches(collation.key($0)) } != isNegated
    }

    /// Which texts of a column match; its form is that of ``collation``.
    func matches(in column: PropertyColumn) -> [Bool] {
        let found = needle.matches(in: column)
        return isNegated ? found.map { !$0 } : found
    }

    private static func isNegated(_ element: XMLElement) throws(Refusal) -> Bool {
        switch element.attribute("negate-condition")?.lowercased() {
        case nil, "no": return false
        case "yes": return true
        case let value?:
            throw .supportedFilter(
                "negate-condition is yes or no, and not \(value.debugDescription)"
            )
        }
    }

    /// RFC 6352 §8.3: none, and `default`, mean `i;unicode-casemap`; wildcards are not taken.
    private static func collation(of element: XMLElement) throws(Refusal) -> Collation {
        guard let name = element.attribute("collation"), name != "default" else {
            return .unicodeCasemap
        }
        guard let collation = Collation(rawValue: name.lowercased()) else {
            throw .supportedCollation
        }
        return collation
    }

    private static func matchType(of element: XMLElement) throws(Refusal) -> MatchType {
        guard let name = element.attribute("match-type") else { return .contains }
        guard let type = MatchType(rawValue: name.lowercased()) else {
            throw .supportedFilter("match-type \(name.debugDescription) is not known")
        }
        return type
    }
}
