/// The conditions of a request by entity tag and by date (RFC 9110 §13.1).
///
/// Dates are of one second and could not tell two writes apart: RFC 9110 §13.2.2 sets them aside
/// where there are tags.
public struct Conditions: Sendable {
    private let match: ETagList?
    private let noneMatch: ETagList?
    private let modifiedSince: Int64?
    private let unmodifiedSince: Int64?

    /// Reads the headers.
    ///
    /// Tags without quotation marks are taken too: clients that keep a tag bare send it so. What is
    /// no date is passed over (RFC 9110 §13.1.3).
    ///
    /// - Throws: ``Refusal`` with status 400 for what is no list of tags.
    public init(
        ifMatch: String?,
        ifNoneMatch: String?,
        ifModifiedSince: String? = nil,
        ifUnmodifiedSince: String? = nil
    ) throws(Refusal) {
        match = try ifMatch.map { text throws(Refusal) in try ETagList(text) }
        noneMatch = try ifNoneMatch.map { text throws(Refusal) in try ETagList(text) }
        modifiedSince = ifModifiedSince.flatMap(HTTPDate.seconds)
        unmodifiedSince = ifUnmodifiedSince.flatMap(HTTPDate.seconds)
    }

    /// Whether the request has no condition by tag.
    public var isEmpty: Bool { match == nil && noneMatch == nil }

    /// Whether the outcome of a write hangs on when the resource was changed last: there is an
    /// `If-Unmodified-Since`, and no `If-Match` to go before it.
    public var asksForDate: Bool { match == nil && unmodifiedSince != nil }

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
    ///   - modified: When the resource was changed last, in seconds since 1970; `nil` where that is
    ///     not known: then a condition by date is passed over.
    /// - Returns: What to do.
    public func evaluate(current: ETag?, isRead: Bool, modified: Int64? = nil) -> Outcome {
        if let match {
            if !match.contains(current, isStrong: true) { return .failed }
        } else if let unmodifiedSince, let modified, modified > unmodifiedSince {
            return .failed
        }
        if let noneMatch {
            guard noneMatch.contains(current, isStrong: false) else { return .proceed }
            return isRead ? .notModified : .failed
        }
        if isRead, let modifiedSince, let modified, modified <= modifiedSince {
            return .notModified
        }
        return .proceed
    }
}
