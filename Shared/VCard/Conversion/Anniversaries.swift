/// Apple's way of telling an anniversary in 3.0: a date whose group is called so.
enum Anniversaries {
    private static let label = "_$!<Anniversary>!$_"

    /// Makes the first such date the card's anniversary, where it has no other.
    static func up(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard !lines.contains(where: { $0.name == "X-ANNIVERSARY" || $0.name == "ANNIVERSARY" })
        else { return lines }
        let labels = GroupLabels(lines)
        let first = lines.firstIndex { line in
            line.name == "X-ABDATE" && labels.label(of: line)?.lowercased() == label.lowercased()
        }
        guard let first else { return lines }
        var lines = lines
        lines[first].name = "X-ANNIVERSARY"
        return lines
    }

    /// Tells an anniversary as Apple does where its group is called so, and plainly elsewhere.
    static func down(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard lines.contains(where: { $0.name == "X-ANNIVERSARY" && $0.group != nil }) else {
            return lines
        }
        let labels = GroupLabels(lines)
        return lines.map { line in
            guard line.name == "X-ANNIVERSARY",
                labels.label(of: line)?.lowercased() == label.lowercased()
            else { return line }
            var line = line
            line.name = "X-ABDATE"
            return line
        }
    }
}
