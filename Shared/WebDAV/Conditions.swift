/// The `If-Match` and `If-None-Match` headers of a request (RFC 9110 §13.1).
///
/// The conditions by date are not read: a card has an ETag always, and RFC 9110 §13.2.2 sets them
/// aside for the tags; dates of one second could not tell two writes apart.
public struct Conditions: Sendable {
    private let match: ETagList?
    private let noneMatch: ETagList?

    /// Reads the headers.
    ///
    /// Tags without quotation marks are taken too: clients that keep a tag bare send it so.
    ///
    /// - Throws: ``Refusal`` with status 400 for what is no list of tags.
    public init(ifMatch: String?, ifNoneMatch: String?) throws(Refusal) {
        match = try ifMatch.map { text throws(Refusal) in try ETagList(text) }
        noneMatch = try ifNoneMatch.map { text throws(Refusal) in try ETagList(text) }
    }

    /// Whether the request has no condition.
    public var isEmpty: Bool { match == nil && noneMatch == nil }

    /// Whether there must be something, whatever it is: `If-Match: *`.
    public var requiresPresence: Bool {
        if case .any = match { true } else { false }
    }

    /// Whether there must be nothing: `If-None-Match: *`.
    public var requiresAbsence: Bool {
        if case .any = noneMatch { true } else { false }
    }

    /// What a request is to do under its conditions.
    public enum Outcome: Sendable, Equatable {
        /// What it asks for.
        case proceed
        /// Answer 304.
        case notModified
        /// Answer 412.
        case failed
    }

    /// Compares the conditions with the tag that the resource has now, in the order of RFC 9110
    /// §13.2.2.
    ///
    /// - Parameters:
    ///   - current: The tag; `nil` where there is no resource.
    ///   - isRead: Whether the method is GET or HEAD: then a tag that is known means 304.
    /// - Returns: What to do.
    public func evaluate(current: ETag?, isRead: Bool) -> Outcome {
        if let match, !match.contains(current, isStrong: true) { return .failed }
        if let noneMatch, noneMatch.contains(current, isStrong: false) {
            return isRead ? .notModified : .failed
        }
        return .proceed
    }
}
