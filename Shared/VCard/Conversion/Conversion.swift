/// Why a card cannot be given in another version.
public enum ConversionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The card says that it is of a version that is not known.
    case unknownVersion
    /// The card would be larger than a card may be.
    case tooLarge

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .unknownVersion: "its VERSION is none of 2.1, 3.0 and 4.0"
        case .tooLarge: "it would be larger than \(Card.maximumBytes) bytes"
        }
    }
}

extension Card {
    /// The version that a card is taken for: 3.0 where it says none, `nil` where it says one that is
    /// not known.
    public var effectiveVersion: CardVersion? {
        version ?? (first("VERSION").map(\.isEmpty) ?? true ? .v3_0 : nil)
    }

    /// The card's bytes in version 3.0 or 4.0.
    ///
    /// One that is of that version already is given as it is, byte for byte. Elsewhere each property
    /// becomes what the other version has for it (``PropertyRule``), and what is the same in both is
    /// copied. Takes time in proportion to the bytes; the result has at most about twice as many.
    ///
    /// - Throws: ``ConversionError/unknownVersion``; version 2.1 is read and never written.
    ///
    /// RFC 6352 §5.1.1, RFC 6350 appendix A.
    public func converted(to target: CardVersion) throws(ConversionError) -> [UInt8] {
        guard target != .v2_1, let source = effectiveVersion else { throw .unknownVersion }
        if version == target { return bytes }
        let conversion = Conversion(self, from: source)
        return conversion.written(conversion.lines(in: target), in: target)
    }
}

/// A card's properties on their way to another version.
struct Conversion {
    private let card: Card
    private let source: CardVersion
    private let originals: [ConversionLine]

    init(_ card: Card, from source: CardVersion) {
        self.card = card
        self.source = source
        originals = card.properties.indices.map { place in
            ConversionLine(card.properties[place], origin: place)
        }
    }

    /// The card's lines in a version, without `VERSION`.
    func lines(in target: CardVersion) -> [ConversionLine] {
        let lines = originals.lazy.filter { $0.name != "VERSION" }.map { line in
            var line = line
            line.normalize()
            return line
        }
        if target == .v4_0 { return Self.up(Array(lines)) }
        return source == .v4_0 ? Self.down(Array(lines)) : lines.map(Self.fromVersion21)
    }

    /// A card of some lines; those that are as they were are copied.
    func written(_ lines: [ConversionLine], in target: CardVersion) -> [UInt8] {
        var writer = LineWriter(target, reserving: card.bytes.count + 64)
        for line in lines {
            if let origin = line.origin, line == originals[origin],
                card.properties[origin].isCopiedInConversion
            {
                writer.copy(card.bytes[card.properties[origin].byteRange])
            } else {
                writer.write(line)
            }
        }
        writer.finish()
        return writer.bytes
    }

    /// What 3.0 calls otherwise than 2.1 does: base64, and URIs (RFC 2426 §7).
    private static func fromVersion21(_ line: ConversionLine) -> ConversionLine {
        var line = line
        if line.values(of: "ENCODING").contains(where: InlineData.isBase64) {
            line.set("ENCODING", "b")
            line.value.removeAll { $0 <= 0x20 }
        }
        if line.valueType == "url" { line.set("VALUE", "uri") }
        if line.valueType == "inline" { line.remove("VALUE") }
        return line
    }

    private static func up(_ lines: [ConversionLine]) -> [ConversionLine] {
        var lines = lines
        for place in lines.indices { ValueForm.common.up(&lines[place]) }
        for step in [
            AddressLabels.up, SortKeys.up, Anniversaries.up, RelatedNames.up, InstantMessaging.up,
        ] { lines = step(lines) }
        var taken = Set(lines.map(\.name))
        for place in lines.indices {
            let name = lines[place].name
            guard let rule = PropertyRule.byName3[name] ?? PropertyRule.byName4[name] else {
                continue
            }
            if rule.isSingle, name != rule.name4 {
                guard taken.insert(rule.name4).inserted else { continue }
            }
            for form in rule.forms { form.up(&lines[place]) }
            lines[place].name = rule.name4
        }
        return lines
    }

    private static func down(_ lines: [ConversionLine]) -> [ConversionLine] {
        var lines: [ConversionLine] = lines.compactMap { line in
            guard let rule = PropertyRule.byName4[line.name] else { return line }
            guard rule.standing != .leftOut else { return nil }
            var line = line
            for form in rule.forms { form.down(&line) }
            line.name = rule.name3
            return line
        }
        for step in [
            RelatedNames.down, Anniversaries.down, SortKeys.down, AddressLabels.down,
            InstantMessaging.down,
        ] { lines = step(lines) }
        for place in lines.indices { ValueForm.common.down(&lines[place]) }
        return lines
    }
}

extension ConversionLine {
    /// Brings escapes to what both versions ask for.
    fileprivate mutating func normalize() {
        value = Escapes.standard.standard(value, shape)
    }

    private var shape: ValueShape {
        let shape = ValueShape.of(name)
        if isURI { return .uri }
        return shape == .uri && valueType == "text" ? .text : shape
    }
}
