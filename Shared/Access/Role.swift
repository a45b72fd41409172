/// What a user may do with an instance or a book.
public enum Role: String, Sendable, CaseIterable, Comparable {
    /// Discovery, listing, fetching: whatever changes nothing.
    case reader
    /// What a reader may, and every change.
    case writer

    /// A writer is more than a reader.
    public static func < (left: Role, right: Role) -> Bool {
        left == .reader && right == .writer
    }
}
