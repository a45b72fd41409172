public import VCard
public import WebDAV

/// Which cards a query wants (RFC 6352 §10.5).
public struct Filter: Sendable {
    /// The most conditions of one filter.
    public static let maximumConditions = 256
    /// The longest text to look for, in bytes.
    public static let maximumTextBytes = 4_096

    /// Whether all conditions must hold, or one will do.
    enum Test: String {
        case anyof, allof

        func holds(_ conditions: [some Any], _ isTrue: (Int) -> Bool) -> Bool {
            switch self {
            case .anyof: conditions.indices.contains(where: isTrue)
            case .allof: conditions.indices.allSatisfy(isTrue)
            }
        }
    }

    private let test: Test
    private let properties: [PropertyFilter]

    /// The filter of a query that has none: Evolution and others ask so for every card.
    public static let everything = Filter(test: .anyof, properties: [])

    private init(test: Test, properties: [PropertyFilter]) {
        self.test = test
        self.properties = properties
    }

    /// Reads a `filter` element.
    ///
    /// - Throws: ``Refusal`` with `supported-filter` for an element or a value that is not known,
    ///   `supported-collation` for a collation that is not.
    public init(_ element: XMLElement) throws(Refusal) {
        var budget = Self.maximumConditions
        test = try Self.test(of: element)
        var properties: [PropertyFilter] = []
        for child in element.children {
            guard child.name == .carddav("prop-filter") else {
                throw .supportedFilter("\(child.name.localName) is not part of a filter")
            }
            properties.append(try PropertyFilter(child, &budget))
        }
        self.properties = properties
    }

    /// Whether there is nothing that a card could fail.
    public var matchesEverything: Bool { properties.isEmpty }

    /// Whether a card is wanted; one that cannot be read is not, unless all are.
    public func matches(_ bytes: [UInt8]) -> Bool {
        if matchesEverything { return true }
        do {
            return matches(try Card(parsing: bytes))
        } catch {
            return false
        }
    }

    /// Whether a card is wanted.
    public func matches(_ card: Card) -> Bool {
        matchesEverything || test.holds(properties) { properties[$0].matches(card) }
    }

    static func test(of element: XMLElement) throws(Refusal) -> Test {
        guard let value = element.attribute("test") else { return .anyof }
        guard let test = Test(rawValue: value.lowercased()) else {
            throw .supportedFilter("test is anyof or allof, and not \(value.debugDescription)")
        }
        return test
    }
}

/// A condition on the properties of one name (RFC 6352 §10.5.1).
struct PropertyFilter: Sendable {
    private enum Condition: Sendable {
        case text(TextMatch)
        case parameter(ParameterFilter)
    }

    private let selection: PropertySelection
    private let test: Filter.Test
    private let isAbsent: Bool
    private let conditions: [Condition]

    init(_ element: XMLElement, _ budget: inout Int) throws(Refusal) {
        guard let name = element.attribute("name"), !name.isEmpty else {
            throw .supportedFilter("prop-filter has no name")
        }
        selection = PropertySelection(name: name)
        test = try Filter.test(of: element)
        isAbsent = element.first(.carddav("is-not-defined")) != nil
        var conditions: [Condition] = []
        for child in element.children where child.name != .carddav("is-not-defined") {
            try Budget.spend(&budget)
            switch child.name {
            case .carddav("text-match"): conditions.append(.text(try TextMatch(child)))
            case .carddav("param-filter"):
                conditions.append(.parameter(try ParameterFilter(child)))
            default: throw .supportedFilter("\(child.name.localName) is not part of a prop-filter")
            }
        }
        try Budget.spend(&budget)
        self.conditions = conditions
    }

    func matches(_ card: Card) -> Bool {
        let properties = card.properties.filter(isWanted)
        if isAbsent { return properties.isEmpty }
        if conditions.isEmpty { return !properties.isEmpty }
        return properties.contains { property in
            test.holds(conditions) { index in
                switch conditions[index] {
                case .text(let match): match.matches(property.text)
                case .parameter(let filter): filter.matches(property)
                }
            }
        }
    }

    /// RFC 6352 §10.5.1: a name without a group means the property in any group.
    private func isWanted(_ property: Property) -> Bool {
        let wanted = selection.name.uppercased()
        if property.name == wanted { return true }
        return property.group.map { "\($0.uppercased()).\(property.name)" == wanted } ?? false
    }
}

/// A condition on a property's parameter (RFC 6352 §10.5.2).
struct ParameterFilter: Sendable {
    private let name: String
    private let isAbsent: Bool
    private let match: TextMatch?

    init(_ element: XMLElement) throws(Refusal) {
        guard let name = element.attribute("name"), !name.isEmpty else {
            throw .supportedFilter("param-filter has no name")
        }
        self.name = name
        isAbsent = element.first(.carddav("is-not-defined")) != nil
        var match: TextMatch?
        for child in element.children where child.name != .carddav("is-not-defined") {
            guard child.name == .carddav("text-match") else {
                throw .supportedFilter("\(child.name.localName) is not part of a param-filter")
            }
            match = try TextMatch(child)
        }
        self.match = match
    }

    func matches(_ property: Property) -> Bool {
        guard property.has(parameter: name) else { return isAbsent }
        if isAbsent { return false }
        guard let match else { return true }
        return property.values(of: name).contains { match.matches($0) }
    }
}

/// A text to be found (RFC 6352 §10.5.4).
struct TextMatch: Sendable {
    private let needle: Needle
    private let isNegated: Bool

    init(_ element: XMLElement) throws(Refusal) {
        guard element.text.utf8.count <= Filter.maximumTextBytes else {
            throw .supportedFilter("a text is at most \(Filter.maximumTextBytes) bytes long")
        }
        var collation = Collation.unicodeCasemap
        // RFC 4790 §3.1: "default" is whatever the protocol's default is.
        if let name = element.attribute("collation"), name != "default" {
            guard let known = Collation(rawValue: name) else { throw .supportedCollation }
            collation = known
        }
        var type = MatchType.contains
        if let name = element.attribute("match-type") {
            guard let known = MatchType(rawValue: name) else {
                throw .supportedFilter("match-type \(name.debugDescription) is not known")
            }
            type = known
        }
        isNegated = element.attribute("negate-condition")?.lowercased() == "yes"
        needle = Needle(element.text, collation, type)
    }

    func matches(_ text: String) -> Bool {
        needle.matches(text) != isNegated
    }
}

/// Counts the conditions of a filter, so that none is endless.
enum Budget {
    static func spend(_ budget: inout Int) throws(Refusal) {
        budget -= 1
        guard budget >= 0 else {
            throw .supportedFilter("a filter has at most \(Filter.maximumConditions) conditions")
        }
    }
}
