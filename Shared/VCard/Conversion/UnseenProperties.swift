extension Card {
    /// This card, in version 4.0, with what its writer cannot have seen of the card that it
    /// replaces; `nil` where there is no such thing, and this card is stored as it is.
    ///
    /// Only a card of 4.0 that one of 3.0 or 2.1 replaces has such properties. Kept is
    ///
    /// - what version 3.0 has no form for (`XML`, `CLIENTPIDMAP` and others,
    ///   ``PropertyRule/Standing/leftOut``);
    /// - what 3.0 has only an `X-` form for (`GENDER`, `ANNIVERSARY`, `RELATED`, `KIND` with
    ///   `MEMBER`, …), where the new card has that form nowhere. Such a form that it does have is its
    ///   writer's word, for all properties of that name.
    ///
    /// A writer that hands back another form that no program shows (`X-GENDER`, `X-LANG`, …) keeps
    /// what it does not know: to that one's taking away a form is believed.
    public func keepingUnseen(of stored: Card) -> [UInt8]? {
        guard stored.version == .v4_0, let source = effectiveVersion, source != .v4_0 else {
            return nil
        }
        let conversion = Conversion(self, from: source)
        let lines = conversion.lines(in: .v4_0)
        let brought = Set(lines.map(\.name))
        let handedBack = Set(properties.map(\.name))
        let unseen = stored.properties.filter { property in
            guard let rule = PropertyRule.byName4[property.name], rule.standing != .shared,
                !Self.isBrought(property.name, brought)
            else { return false }
            guard rule.standing != .leftOut else { return true }
            return !PropertyRule.table.contains { other in
                other.standing == .carried && other.name4 != property.name
                    && handedBack.contains(other.name3)
            }
        }
        guard !unseen.isEmpty else { return nil }
        return conversion.written(lines + unseen.map(ConversionLine.init(unseen:)), in: .v4_0)
    }

    /// Whether the new card speaks of a property: a group of its members too.
    private static func isBrought(_ name: String, _ brought: Set<String>) -> Bool {
        brought.contains(name) || name == "MEMBER" && brought.contains("KIND")
    }
}

extension ConversionLine {
    /// A property of the stored card, as it stands there.
    fileprivate init(unseen property: Property) {
        self.init(property, origin: 0)
        origin = nil
    }
}
