/// Where a client's copy of a book stands: what a sync token carries (RFC 6578 §4).
///
/// A token names commits of the store, so that it is never forgotten: a copy that is whole stands
/// at the last commit that changed the book; one that was told only a part also says how far it got.
public struct SyncPosition: Sendable, Equatable {
    /// A walk from one state to another that has not reached its end.
    public struct Partial: Sendable, Equatable {
        /// The state the walk began from; `nil` where it began from nothing.
        public let base: Revision?
        /// The last card that was told.
        public let after: CardName

        /// Says how far a walk got.
        public init(base: Revision?, after: CardName) {
            self.base = base
            self.after = after
        }
    }

    /// The commit that the copy stands at, or that the walk leads to.
    public let commit: Revision
    /// What of the walk is done, where it is not all.
    public let partial: Partial?

    /// Names a position.
    public init(commit: Revision, partial: Partial? = nil) {
        self.commit = commit
        self.partial = partial
    }
}

extension SyncPosition {
    /// The longest text of a position, in bytes.
    public static let maximumTextBytes = 1_024

    /// The position as text: `<commit>`, or `<commit>/<base>/<name in hexadecimal>` for a walk that
    /// has not reached its end, with `-` for a base of nothing.
    public var text: String {
        guard let partial else { return commit.text }
        let name = partial.after.text.utf8.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "\(commit.text)/\(partial.base?.text ?? "-")/\(name.joined())"
    }

    /// Reads a position; `nil` for a text that is none.
    public init?(text: some StringProtocol) {
        guard text.utf8.count <= Self.maximumTextBytes else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let commit = parts.first.flatMap({ Revision(text: $0) }) else { return nil }
        if parts.count == 1 {
            self.init(commit: commit)
            return
        }
        guard parts.count == 3 else { return nil }
        let base = Revision(text: parts[1])
        guard base != nil || parts[1] == "-", let name = Self.name(hex: parts[2]) else {
            return nil
        }
        self.init(commit: commit, partial: Partial(base: base, after: name))
    }

    private static func name(hex: some StringProtocol) -> CardName? {
        let digits = hex.compactMap(\.hexDigitValue)
        guard digits.count == hex.count, digits.count.isMultiple(of: 2) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        do throws(AddressBookError) {
            return try CardName(text)
        } catch {
            return nil
        }
    }
}
