/// A form that texts are brought into so that comparing them is comparing bytes: without the case
/// of letters, for example.
public struct TextForm: Sendable, Hashable {
    /// Tells the form from others.
    public let name: String
    /// Makes a text's key. Keys are UTF-8.
    public let key: @Sendable (String) -> [UInt8]

    /// Names a form; two of the same name must make the same keys.
    public init(name: String, key: @escaping @Sendable (String) -> [UInt8]) {
        self.name = name
        self.key = key
    }

    /// Whether two forms have the same name.
    public static func == (left: TextForm, right: TextForm) -> Bool { left.name == right.name }

    /// Feeds the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
