import CardDAV
import Testing
import VCard
import WebDAV

/// A filter as RFC 6352 §10.5 describes it, asked of one card in the plainest way: what the module's
/// own is compared with.
struct PlainFilter {
    struct Text {
        var text: String
        var collation: Collation
        var type: String
        var isNegated: Bool
    }

    enum Presence {
        case present, absent
        case text(Text)
    }

    enum Condition {
        case text(Text)
        case parameter(name: String, Presence)
    }

    struct PropertyCondition {
        var name: String
        var isAbsent: Bool
        var test: String
        var conditions: [Condition]
    }

    var test: String
    var properties: [PropertyCondition]

    func matches(_ card: Card) -> Bool {
        Self.join(test, properties.map { Self.holds($0, card) })
    }

    private static func join(_ test: String, _ truths: [Bool]) -> Bool {
        test == "allof" ? !truths.contains(false) : truths.contains(true)
    }

    private static func holds(_ condition: PropertyCondition, _ card: Card) -> Bool {
        let named = card.properties.filter { property in
            let group = property.group.map { "\($0).".uppercased() } ?? ""
            return [property.name, group + property.name].contains(condition.name.uppercased())
        }
        if condition.isAbsent { return named.isEmpty }
        if condition.conditions.isEmpty { return !named.isEmpty }
        return named.contains { property in
            join(condition.test, condition.conditions.map { holds($0, property) })
        }
    }

    private static func holds(_ condition: Condition, _ property: Property) -> Bool {
        switch condition {
        case .text(let text): holds(text, property.text)
        case .parameter(let name, .present): property.has(parameter: name)
        case .parameter(let name, .absent): !property.has(parameter: name)
        case .parameter(let name, .text(let text)):
            property.has(parameter: name)
                && property.values(of: name).contains { finds(text, $0) } != text.isNegated
        }
    }

    private static func holds(_ text: Text, _ value: String) -> Bool {
        finds(text, value) != text.isNegated
    }

    private static func finds(_ text: Text, _ value: String) -> Bool {
        let whole = text.collation.form.key(value)
        let part = text.collation.form.key(text.text)
        let starts = whole.count < part.count ? [] : Array(0...(whole.count - part.count))
        let places = starts.filter { Array(whole[$0..<($0 + part.count)]) == part }
        return switch text.type {
        case "equals": whole == part
        case "starts-with": places.contains(0)
        case "ends-with": places.contains(whole.count - part.count)
        default: !places.isEmpty
        }
    }
}

extension PlainFilter {
    /// The filter as a client sends it.
    func filter() throws -> Filter {
        try CardDAVTests.filter(properties.map(Self.xml).joined(), test: test)
    }

    private static func xml(_ condition: PropertyCondition) -> String {
        let inside =
            condition.isAbsent ? "<is-not-defined/>" : condition.conditions.map(xml).joined()
        return "<prop-filter name='\(condition.name)' test='\(condition.test)'>\(inside)"
            + "</prop-filter>"
    }

    private static func xml(_ condition: Condition) -> String {
        switch condition {
        case .text(let text): xml(text)
        case .parameter(let name, .present): "<param-filter name='\(name)'/>"
        case .parameter(let name, .absent):
            "<param-filter name='\(name)'><is-not-defined/></param-filter>"
        case .parameter(let name, .text(let text)):
            "<param-filter name='\(name)'>\(xml(text))</param-filter>"
        }
    }

    private static func xml(_ text: Text) -> String {
        "<text-match collation='\(text.collation.rawValue)' match-type='\(text.type)'"
            + " negate-condition='\(text.isNegated ? "yes" : "no")'>\(text.text)</text-match>"
    }
}
