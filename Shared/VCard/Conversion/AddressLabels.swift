/// How an address is printed: a property of its own in 3.0 (RFC 2426 §3.2.2), a parameter of the
/// address in 4.0 (RFC 6350 §6.3.1).
enum AddressLabels {
    /// Puts each label into the address it belongs to: the one right before it with the same types,
    /// else the last before it with the same types, else the first behind it, else an address with
    /// nothing else in it.
    static func up(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard lines.contains(where: { $0.name == "LABEL" }) else { return lines }
        var result: [ConversionLine] = []
        result.reserveCapacity(lines.count)
        // By types: the places of addresses without a label, and labels without an address.
        var addresses: [[String]: [Int]] = [:]
        var labels: [[String]: [Int]] = [:]
        for line in lines {
            let key = line.name == "ADR" || line.name == "LABEL" ? key(of: line) : []
            switch line.name {
            case "LABEL":
                if let place = addresses[key]?.popLast() {
                    result[place].set("LABEL", line.text)
                } else {
                    labels[key, default: []].append(result.count)
                    result.append(addressOnly(of: line))
                }
            case "ADR" where line.first("LABEL") == nil:
                if let place = labels[key]?.popLast(), let text = result[place].first("LABEL") {
                    result[place] = line
                    result[place].set("LABEL", text)
                } else {
                    addresses[key, default: []].append(result.count)
                    result.append(line)
                }
            default: result.append(line)
            }
        }
        return result
    }

    /// What an address and its label have in common.
    private static func key(of line: ConversionLine) -> [String] {
        line.types.sorted() + [line.first("PREF") ?? ""]
    }

    /// An address of which nothing is known but how it is printed.
    private static func addressOnly(of label: ConversionLine) -> ConversionLine {
        var address = label
        address.name = "ADR"
        address.value = [UInt8](repeating: 0x3B, count: 6)
        address.set("LABEL", label.text)
        return address
    }

    /// Puts each label behind its address.
    static func down(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard lines.contains(where: { $0.name == "ADR" && $0.first("LABEL") != nil }) else {
            return lines
        }
        return lines.flatMap { line -> [ConversionLine] in
            guard line.name == "ADR", let text = line.first("LABEL") else { return [line] }
            var address = line
            address.remove("LABEL")
            var label = address
            label.name = "LABEL"
            label.value = Escapes.escaped(text)
            return line.value.allSatisfy { $0 == 0x3B } ? [label] : [address, label]
        }
    }
}
