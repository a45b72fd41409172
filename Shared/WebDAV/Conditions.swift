/// An entity tag (RFC 9110 §8.8.3).
public struct ETag: Hashable, Sendable, CustomStringConvertible {
    /// What stands between the quotation marks.
    public let opaque: String
    /// Whether the tag only says that two things mean the same.
    public let isWeak: Bool

    /// Joins the parts of a tag.
    public init(opaque: String, isWeak: Bool) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag as a header has it.
    public var description: String { (isWeak ? "W/" : "") + "\"\(opaque)\"" }
}

/// The `If-Match` and `If-None-Match` headers of a request (RFC 9110 §13.1).
public struct Conditions: Sendable {
    private enum Tags: Sendable {
        case any
        case these([ETag])
    }

    private let match: Tags?
    private let noneMatch: Tags?

    /// Reads the headers.
    ///
    /// Tags without quotation marks are taken too: clients that store a tag bare send it so.
    ///
    /// - Throws: ``Refusal`` with status 400 for what is no list of tags.
    public init(ifMatch: String?, ifNoneMatch: String?) throws(Refusal) {
        match = try ifMatch.map { text throws(Refusal) in try Self.tags(text) }
        noneMatch = try ifNoneMatch.map { text throws(Refusal) in try Self.tags(text) }
    }

    /// Whether the request has no condition.
    public var isEmpty: Bool { match == nil && noneMatch == nil }

    /// What a request is to do under its conditions.
    public enum Outcome: Sendable, Equatable {
        /// What it asks for.
        case proceed
        /// Answer 304.
        case notModified
        /// Answer 412.
        case failed
    }

    /// Compares the conditions with the tag that the resource has now.
    ///
    /// - Parameters:
    ///   - current: The tag; `nil` where there is no resource.
    ///   - isRead: Whether the method is GET or HEAD: then a tag that is known means 304, and weak
    ///     comparison will do.
    public func evaluate(current: ETag?, isRead: Bool) -> Outcome {
        if let match, !Self.holds(match, current, isStrong: true) { return .failed }
        if let noneMatch, Self.holds(noneMatch, current, isStrong: false) {
            return isRead ? .notModified : .failed
        }
        return .proceed
    }

    /// RFC 9110 §8.8.3.2: weak tags never match strongly.
    private static func holds(_ tags: Tags, _ current: ETag?, isStrong: Bool) -> Bool {
        guard let current else { return false }
        return switch tags {
        case .any: true
        case .these(let tags):
            tags.contains { tag in
                tag.opaque == current.opaque && !(isStrong && (tag.isWeak || current.isWeak))
            }
        }
    }

    private static let maximumTags = 256

    private static func tags(_ text: String) throws(Refusal) -> Tags {
        var tags: [ETag] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: true) {
            var word = part.drop { $0 == " " || $0 == "\t" }
            while let last = word.last, last == " " || last == "\t" { word = word.dropLast() }
            if word.isEmpty { continue }
            if word == "*" { return .any }
            let isWeak = word.hasPrefix("W/") || word.hasPrefix("w/")
            if isWeak { word = word.dropFirst(2) }
            if word.count >= 2, word.hasPrefix("\""), word.hasSuffix("\"") {
                word = word.dropFirst().dropLast()
            }
            guard !word.contains("\""), tags.count < maximumTags else {
                throw Refusal(400, reason: "not a list of entity tags: \(text.debugDescription)")
            }
            tags.append(ETag(opaque: String(word), isWeak: isWeak))
        }
        guard !tags.isEmpty else {
            throw Refusal(400, reason: "an empty list of entity tags")
        }
        return .these(tags)
    }
}
