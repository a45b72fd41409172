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

    /// The columns of properties that most filters look at: what an address book's search asks for.
    public static let commonColumns = Set(
        ["FN", "N", "NICKNAME", "EMAIL", "TEL", "ORG", "UID", "CATEGORIES"].map {
            PropertyColumn.Name($0, Collation.unicodeCasemap.form)
        }
    )

    /// The columns of properties that this filter looks at.
    public let columns: Set<PropertyColumn.Name>

    private let test: Test
    private let properties: [PropertyFilter]

    private init(test: Test, properties: [PropertyFilter]) {
        self.test = test
        self.properties = properties
        columns = Set(properties.flatMap(\.columns))
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
        self.init(
            test: try Self.test(of: element),
            properties: try element.children.map { child throws(Refusal) in
                guard child.name == .carddav("prop-filter") else {
                    throw .supportedFilter("\(child.name.localName) is not part of a filter")
                }
                return try PropertyFilter(child)
            }
        )
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
        if matchesEverything { return true }
        let columns = columns.map { name in
            var column = PropertyColumn(name)
            column.append(card)
            return column
        }
        return !matches(in: columns).isEmpty
    }

    /// Which cards are wanted of many; those that cannot be read are not.
    ///
    /// - Parameter columns: Those named by ``columns``, of the same cards in the same order. There
    ///   must be one at least: a filter that matches everything looks at none.
    /// - Returns: The cards' places in the columns, in ascending order.
    public func matches(in columns: [PropertyColumn]) -> [Int] {
        let columns = FilterColumns(columns)
        var isWanted = test.joined(properties) { $0.matches(in: columns) }
        for card in columns.unreadableCards { isWanted[Int(card)] = false }
        return isWanted.indices.filter { isWanted[$0] }
    }
}

extension Filter {
    /// Whether all conditions must hold, or one will do.
    enum Test: String {
        case anyof, allof

        /// Where one of the conditions, or all of them, hold, each said of the same places.
        func joined<Condition>(
            _ conditions: [Condition],
            _ holds: (Condition) -> [Bool]
        ) -> [Bool] {
            guard let first = conditions.first else { return [] }
            return conditions.dropFirst().reduce(into: holds(first)) { joined, condition in
                for (place, isTrue) in holds(condition).enumerated() {
                    switch self {
                    case .anyof: joined[place] = joined[place] || isTrue
                    case .allof: joined[place] = joined[place] && isTrue
                    }
                }
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
