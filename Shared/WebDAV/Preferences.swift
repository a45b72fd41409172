/// What a client would rather have: the `Prefer` header (RFC 7240, RFC 8144), and Apple's and
/// Microsoft's `Brief`.
///
/// A preference that is not known, or that cannot be kept, is passed over (RFC 7240 §2).
public struct Preferences: Sendable, Equatable {
    /// How much of an answer is wanted (RFC 7240 §4.2).
    public enum Extent: Sendable, Equatable {
        /// What can be told by its absence is left out.
        case minimal
        /// The resource as it is now.
        case representation
    }

    /// The `return` preference; `Brief: t` is taken for `return=minimal`.
    public let extent: Extent?
    /// `depth-noroot` (RFC 8144 §4): of a listing the members only.
    public let omitsRoot: Bool
    /// `handling=strict` (RFC 7240 §4.4): what is usually forgiven is refused.
    public let isStrict: Bool

    /// Reads the headers; the first of several values of one preference counts (RFC 7240 §2).
    public init(prefer: String?, brief: String?) {
        var values: [String: String] = [:]
        for item in prefer.map(Self.items) ?? [] where values[item.name] == nil {
            values[item.name] = item.value
        }
        let isBrief = brief?.lowercased() == "t"
        switch values["return"] {
        case "minimal": extent = .minimal
        case "representation": extent = .representation
        default: extent = isBrief ? .minimal : nil
        }
        omitsRoot = values["depth-noroot"] != nil
        isStrict = values["handling"] == "strict"
    }

    /// The names and values of a header; parameters, which none of ours has, are left out.
    private static func items(_ header: String) -> [(name: String, value: String)] {
        split(header, at: ",").compactMap { item in
            let preference = split(item, at: ";").first ?? ""
            let parts = preference.split(separator: "=", maxSplits: 1).map(trimmed)
            guard let name = parts.first, !name.isEmpty else { return nil }
            return (name.lowercased(), parts.count > 1 ? parts[1].lowercased() : "")
        }
    }

    /// Cuts a text at a character that does not stand between quotation marks.
    private static func split(_ text: String, at separator: Character) -> [String] {
        var parts = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == separator, !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        func isAround(_ character: Character) -> Bool { " \t\"".contains(character) }
        let start = text.drop(while: isAround)
        guard let end = start.lastIndex(where: { !isAround($0) }) else { return "" }
        return String(start[...end])
    }
}
