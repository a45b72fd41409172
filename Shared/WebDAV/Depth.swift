/// How far below a resource a request reaches (RFC 4918 §10.2).
public enum Depth: Sendable, Equatable {
    /// The resource itself.
    case zero
    /// The resource and its members.
    case one
    /// All below it.
    case infinity

    /// Reads the header's value; `nil` for any other.
    ///
    /// `1,noroot` is Microsoft's, and read as 1.
    public init?(header: String) {
        switch header.lowercased() {
        case "0": self = .zero
        case "1", "1,noroot": self = .one
        case "infinity": self = .infinity
        default: return nil
        }
    }
}
