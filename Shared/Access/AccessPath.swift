/// What a rule is for: the service, or one instance of it.
///
/// ```
/// http/contacts                  every instance
/// http/contacts/<instance>       one instance
/// ```
public struct AccessPath: Hashable, Sendable, CustomStringConvertible {
    /// The longest path, in bytes.
    public static let maximumBytes = 256

    /// Every instance.
    public static let everything = AccessPath(instance: nil)

    /// The instance, or `nil` for all.
    public let instance: String?

    /// Reads a path.
    ///
    /// - Returns: `nil` for any other form, an empty part, or a part with a control character.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        }
        guard isPlain, (2...3).contains(parts.count), parts[0] == "http", parts[1] == "contacts"
        else { return nil }
        instance = parts.count > 2 ? parts[2] : nil
    }

    /// The path of an instance.
    public init(instance: String?) {
        self.instance = instance
    }

    /// The path as it stands in a settings file.
    public var description: String {
        "http/contacts" + (instance.map { "/\($0)" } ?? "")
    }
}
