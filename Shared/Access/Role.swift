/// What a user may do with an instance or a book.
public enum Role: String, Sendable, CaseIterable, Comparable {
    /// Nothing, not even to know of it: a rule that takes away what a shorter path gives.
    case nothing = "none"
    /// Discovery, listing, fetching: whatever changes nothing.
    case reader
    /// What a reader may, and every change.
    case writer

    /// A writer is more than a reader, and a reader more than nobody.
    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .nothing: 0
        case .reader: 1
        case .writer: 2
        }
    }
}
