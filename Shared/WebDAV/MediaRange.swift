/// A media type, or a range of them, with its parameters (RFC 9110 §8.3.1, §12.5.1).
public struct MediaRange: Sendable, Equatable {
    /// The most ranges that are read of one header.
    public static let maximumCount = 64

    /// The type in lower case, for example `text/vcard`, `text/*` or `*/*`.
    public let type: String
    /// How much it is wanted, from 0 to 1000; 1000 where nothing is said (RFC 9110 §12.4.2).
    public let quality: Int
    /// The other parameters, names in lower case, values without quotes.
    private let parameters: [String: String]

    /// Reads one; `nil` for what is none.
    public init?(_ text: String) {
        let parts = Self.split(text, at: ";").map(Self.trimmed)
        guard let type = parts.first?.lowercased(), type.split(separator: "/").count == 2 else {
            return nil
        }
        var quality = 1000
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let name = Self.trimmed(String(part[..<equals])).lowercased()
            let value = Self.unquoted(Self.trimmed(String(part[part.index(after: equals)...])))
            if name == "q" {
                quality = Self.quality(value)
            } else if parameters[name] == nil {
                parameters[name] = value
            }
        }
        self.type = type
        self.quality = quality
        self.parameters = parameters
    }

    /// Reads the value of an `Accept` header; what is no range is passed over.
    public static func list(_ header: String) -> [MediaRange] {
        split(header, at: ",").prefix(maximumCount).compactMap { MediaRange($0) }
    }

    /// A parameter's value, by its name in lower case.
    public subscript(_ parameter: String) -> String? { parameters[parameter] }

    /// A number from 0 to 1 with three digits at most; anything else counts as 1.
    private static func quality(_ text: String) -> Int {
        guard let value = Double(text), value >= 0, value <= 1 else { return 1000 }
        return Int((value * 1000).rounded())
    }

    /// Cuts where a character stands outside of quotes.
    private static func split(_ text: String, at separator: Unicode.Scalar) -> [String] {
        var parts = [""]
        var isQuoted = false
        for scalar in text.unicodeScalars {
            if scalar == "\"" { isQuoted.toggle() }
            if scalar == separator, !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].unicodeScalars.append(scalar)
            }
        }
        return parts
    }

    private static func unquoted(_ text: String) -> String {
        guard text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast())
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { $0 != " " && $0 != "\t" }),
            let last = scalars.lastIndex(where: { $0 != " " && $0 != "\t" })
        else { return "" }
        return String(scalars[first...last])
    }
}
