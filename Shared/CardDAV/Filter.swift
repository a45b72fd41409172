public import VCard
public import WebDAV

/// Which cards a query wants (RFC 6352 §10.5).
public struct Filter: Sendable {
    /// The most conditions of one filter: each prop-filter, param-filter and text-match is one.
    public static let maximumConditions = 256
    /// The longest text to look for, in bytes.
    public static let maximumTextBytes = 4_096

    /// The filter of a query that has none: Evolution and others ask so for every card.
    public static let everything = Filter(test: .anyof, properties: [])

    private let test: Test
    private let properties: [PropertyFilter]

    private init(test: Test, properties: [PropertyFilter]) {
        self.test = test
        self.properties = properties
    }

    /// Reads a `filter` element.
    ///
    /// - Throws: ``Refusal`` with `supported-filter` for an element or a value that is not known,
    ///   or more conditions than ``maximumConditions``; with `supported-collation` for a collation
    ///   that is not known.
    public init(_ element: XMLElement) throws(Refusal) {
        guard Self.conditions(in: element) <= Self.maximumConditions else {
            throw .supportedFilter("a filter has at most \(Self.maximumConditions) conditions")
        }
        test = try Self.test(of: element)
        properties = try element.children.map { child throws(Refusal) in
            guard child.name == .carddav("prop-filter") else {
                throw .supportedFilter("\(child.name.localName) is not part of a filter")
            }
            return try PropertyFilter(child)
        }
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
        matchesEverything || test.holds(properties) { $0.matches(card) }
    }
}

extension Filter {
    /// Whether all conditions must hold, or one will do.
    enum Test: String {
        case anyof, allof

        func holds<Condition>(_ conditions: [Condition], _ isTrue: (Condition) -> Bool) -> Bool {
            switch self {
            case .anyof: conditions.contains(where: isTrue)
            case .allof: conditions.allSatisfy(isTrue)
            }
        }
    }

    static func test(of element: XMLElement) throws(Refusal) -> Test {
        guard let value = element.attribute("test") else { return .anyof }
        guard let test = Test(rawValue: value.lowercased()) else {
            throw .supportedFilter("test is anyof or allof, and not \(value.debugDescription)")
        }
        return test
    }

    static func name(of element: XMLElement) throws(Refusal) -> String {
        guard let name = element.attribute("name"), !name.isEmpty else {
            throw .supportedFilter("\(element.name.localName) has no name")
        }
        return name
    }

    /// The elements below a filter; the reader bounds how deep they lie.
    private static func conditions(in element: XMLElement) -> Int {
        element.children.reduce(0) { $0 + 1 + conditions(in: $1) }
    }
}
