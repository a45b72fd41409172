/// Writes metrics in Prometheus' text format, version 0.0.4.
struct MetricsText {
    /// What the format is called in an answer.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The kinds of a family that the format has and we use.
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""
    private var name = ""

    /// Begins a family; its samples follow.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(Self.escapedHelp(help))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// A sample of the family.
    mutating func sample(_ value: some BinaryInteger, _ labels: [(String, String)] = []) {
        line("", labels, String(value))
    }

    /// A sample of the family in a unit that has parts.
    mutating func sample(_ value: Double, _ labels: [(String, String)] = []) {
        line("", labels, "\(value)")
    }

    /// The samples of a histogram: the format's buckets count what the smaller ones do too.
    mutating func sample(_ histogram: Histogram, _ labels: [(String, String)] = []) {
        var sum: UInt64 = 0
        for (bound, count) in zip(Histogram.boundTexts + ["+Inf"], histogram.counts) {
            sum += count
            line("_bucket", labels + [("le", bound)], String(sum))
        }
        line("_sum", labels, "\(Double(histogram.microseconds) / 1_000_000)")
        line("_count", labels, String(sum))
    }

    private mutating func line(_ suffix: String, _ labels: [(String, String)], _ value: String) {
        text += name
        text += suffix
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escapedLabel($0.1))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(value)\n"
    }

    /// In a label's value a backslash, a quote and the end of a line are escaped.
    private static func escapedLabel(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else {
            return value
        }
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += #"\\"#
            case "\"": text += #"\""#
            case "\n": text += #"\n"#
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// In a help text the backslash and the end of a line are escaped.
    private static func escapedHelp(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += #"\\"#
            case "\n": text += #"\n"#
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
