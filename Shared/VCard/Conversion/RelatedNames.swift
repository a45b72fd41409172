extension ValueForm {
    /// Somebody: a text in 3.0 unless it says URI, a URI in 4.0 unless it says text.
    static let related = ValueForm(
        up: { line in
            guard line.name != "RELATED" else { return }
            let isURI = line.isURI
            line.remove("VALUE")
            if !isURI { line.set("VALUE", "text") }
        },
        down: { line in
            let isText = line.valueType == "text"
            line.remove("VALUE")
            if !isText { line.set("VALUE", "uri") }
        }
    )
}

/// Who else there is: in 3.0 an AGENT (RFC 2426 §3.5.4), or Apple's names with a label for what
/// each is; RELATED with a type in 4.0 (RFC 6350 §6.6.6).
enum RelatedNames {
    private static let name = "X-ABRELATEDNAMES"
    /// What groups are called that are made here; on the way back they go again.
    private static let madeGroup = "related"

    private static let labels: [(type: String, label: String)] = [
        ("spouse", "_$!<Spouse>!$_"), ("child", "_$!<Child>!$_"), ("parent", "_$!<Parent>!$_"),
        ("friend", "_$!<Friend>!$_"), ("sibling", "_$!<Sibling>!$_"),
        ("sweetheart", "_$!<Partner>!$_"), ("colleague", "_$!<Colleague>!$_"),
        ("contact", "_$!<Contact>!$_"), ("acquaintance", "_$!<Acquaintance>!$_"),
        ("co-worker", "_$!<Co-worker>!$_"), ("neighbor", "_$!<Neighbor>!$_"),
        ("kin", "_$!<Kin>!$_"), ("emergency", "_$!<Emergency>!$_"),
    ]

    private static func label(for type: String?) -> String? {
        labels.first { $0.type == type }?.label
    }

    private static func type(for label: String?) -> String? {
        labels.first { $0.label.lowercased() == label?.lowercased() }?.type
    }

    /// Gives types by labels, and takes away the labels that ``down(_:)`` made.
    static func up(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard lines.contains(where: { $0.name == name || $0.name == "AGENT" }) else { return lines }
        let groups = GroupLabels(lines)
        var made: Set<String> = []
        var result = lines.map { line in
            if line.name == "AGENT" { return agentUp(line) }
            guard line.name == name else { return line }
            var line = line
            let type = line.types.first
            if type == nil {
                if let type = Self.type(for: groups.label(of: line)) { line.addType(type) }
            } else if let group = line.group?.uppercased(), groups.isAlone(line),
                let label = groups.label(of: line), label == Self.label(for: type)
            {
                made.insert(group)
                if group.hasPrefix(madeGroup.uppercased()) { line.group = nil }
            }
            return line
        }
        if !made.isEmpty {
            result.removeAll { line in
                line.name == GroupLabels.name
                    && line.group.map { made.contains($0.uppercased()) } == true
            }
        }
        return result
    }

    /// Gives labels by types, each in a group of its own.
    static func down(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard lines.contains(where: { $0.name == name }) else { return lines }
        let groups = GroupLabels(lines)
        var number = 0
        return lines.flatMap { line -> [ConversionLine] in
            guard line.name == name else { return [line] }
            if line.types == ["agent"] { return [agentDown(line)] }
            var line = line
            let type = line.types.first
            if let label = groups.label(of: line) {
                if line.types.count == 1, Self.type(for: label) == type {
                    line.removeTypes { $0 == type }
                }
                return [line]
            }
            guard let label = Self.label(for: type), groups.isAlone(line) else { return [line] }
            if line.group == nil {
                repeat { number += 1 } while groups.has("\(madeGroup)\(number)")
                line.group = "\(madeGroup)\(number)"
            }
            let told = ConversionLine(group: line.group, "X-ABLabel", [], Array(label.utf8))
            return [line, told]
        }
    }

    private static let cardStart = Array("BEGIN:VCARD".utf8)

    private static func agentUp(_ line: ConversionLine) -> ConversionLine {
        var line = line
        line.name = name
        if line.valueType == "vcard" || line.valueType == "text" { line.remove("VALUE") }
        if !line.types.contains("agent") { line.addType("agent") }
        return line
    }

    private static func agentDown(_ line: ConversionLine) -> ConversionLine {
        var line = line
        line.name = "AGENT"
        line.removeTypes { $0 == "agent" }
        let isCard = line.value.prefix(cardStart.count).map(\.upperCase) == cardStart
        if !line.isURI, !isCard { line.set("VALUE", "text") }
        return line
    }
}
