/// Writes cards of version 4.0 as JSON (RFC 7095).
enum JCard {
    /// One card of version 4.0, with all properties or some; `VERSION` comes first (§3.3.1.1).
    static func bytes(of card: Card, _ selection: [PropertySelection]) -> [UInt8] {
        let wanted = Selector(selection)
        let properties = card.properties.compactMap { property in
            wanted.choice(of: property).map { (property, $0) }
        }
        let version = properties.filter { $0.0.name == "VERSION" }.prefix(1)
        let rest = properties.filter { $0.0.name != "VERSION" }
        var json = JSONText()
        json.literal("[\"vcard\",")
        json.array(version + rest) { json, property in
            write(property.0, withoutValue: property.1 == .withoutValue, to: &json)
        }
        json.literal("]")
        return json.bytes
    }

    private static func write(
        _ property: Property,
        withoutValue: Bool,
        to json: inout JSONText
    ) {
        let type = JCardType.of(property)
        json.literal("[")
        json.string(property.name.lowercased())
        json.literal(",")
        writeParameters(of: property, to: &json)
        json.literal(",")
        json.string(type)
        json.literal(",")
        if withoutValue {
            json.string("")
        } else {
            writeValue(of: property, type, to: &json)
        }
        json.literal("]")
    }

    /// RFC 7095 §3.4: names in lower case, the group among them, `VALUE` not.
    private static func writeParameters(of property: Property, to json: inout JSONText) {
        var names: [String] = []
        var values: [String: [String]] = [:]
        if let group = property.group {
            names.append("GROUP")
            values["GROUP"] = [group.lowercased()]
        }
        for parameter in property.parameters
        where parameter.name != "VALUE" && parameter.name != "GROUP" {
            if values[parameter.name] == nil { names.append(parameter.name) }
            values[parameter.name, default: []] += parameter.values
        }
        json.literal("{")
        json.list(names) { json, name in
            json.string(name.lowercased())
            json.literal(":")
            let values = values[name] ?? []
            if values.count == 1, let only = values.first {
                json.string(only)
            } else {
                json.array(values) { $0.string($1) }
            }
        }
        json.literal("}")
    }

    private static func writeValue(
        of property: Property,
        _ type: String,
        to json: inout JSONText
    ) {
        switch type {
        case "unknown": json.string(property.rawValue)
        case "text": writeText(of: property, to: &json)
        case "boolean": writePrimitive(property, isBoolean, to: &json)
        case "integer", "float": writePrimitive(property, isNumber, to: &json)
        case "date", "time", "date-time", "date-and-or-time", "timestamp":
            json.string(reformed(property.rawValue) { timeOrDate($0, type) })
        case "utc-offset":
            json.string(reformed(property.rawValue) { DateText.offset($0[...], .extended) })
        default: json.string(property.text)
        }
    }

    /// RFC 7095 §3.3.1.3: a structured value is an array, with an array for what is a list in it;
    /// a list is more elements (§3.3).
    private static func writeText(of property: Property, to json: inout JSONText) {
        switch ValueShape.of(property.name) {
        case .structured:
            let components = property.components
            if components.count == 1, let only = components.first, only.count == 1 {
                return json.string(only[0])
            }
            json.array(components) { json, values in
                if values.count == 1 {
                    json.string(values[0])
                } else {
                    json.array(values) { $0.string($1) }
                }
            }
        case .list: json.list(property.list) { $0.string($1) }
        default: json.string(property.text)
        }
    }

    private static func writePrimitive(
        _ property: Property,
        _ isValid: (String) -> Bool,
        to json: inout JSONText
    ) {
        let text = property.text.lowercased()
        if isValid(text) { json.literal(text) } else { json.string(property.text) }
    }

    private static func isBoolean(_ text: String) -> Bool { text == "true" || text == "false" }

    /// RFC 8259 §6, without exponents, which vCard has not.
    private static func isNumber(_ text: String) -> Bool {
        let digits = text.utf8.first == 0x2D ? text.utf8.dropFirst() : text.utf8[...]
        let parts = digits.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }),
            digits.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E })
        else { return false }
        return parts[0].count == 1 || parts[0].first != 0x30
    }

    /// RFC 7095 §3.5.3 to §3.5.7: the extended format of ISO 8601 where there is one.
    private static func timeOrDate(_ text: [UInt8], _ type: String) -> [UInt8]? {
        guard type == "time" else { return DateText.reformed(text, .extended) }
        return DateText.reformed([0x54] + text, .extended).map { Array($0.dropFirst()) }
    }

    private static func reformed(_ text: String, _ reform: ([UInt8]) -> [UInt8]?) -> String {
        reform(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
    }
}
