internal import VersionedStorage

/// Names some content for ever: a card's bytes, or all that a book holds.
///
/// The same bytes have the same id, so that it serves as a strong ETag (RFC 9110 §8.8.1).
public struct ContentID: Hashable, Sendable {
    let object: ObjectID

    init(_ object: ObjectID) { self.object = object }

    /// 40 lower-case hexadecimal digits: the id of the blob or the tree in git.
    public var text: String { object.hex }
}

/// Names a state of the store: a commit.
public struct Revision: Hashable, Sendable {
    let commit: ObjectID

    init(_ commit: ObjectID) { self.commit = commit }

    /// Reads 40 hexadecimal digits; whether the store has such a commit is another question.
    public init?(text: some StringProtocol) {
        guard let commit = ObjectID(hex: text) else { return nil }
        self.commit = commit
    }

    /// 40 lower-case hexadecimal digits: the commit's id in git.
    public var text: String { commit.hex }
}
