internal import VersionedStorage

/// Who changes a book, and by what means: what the commit will say.
public struct Author: Sendable, Equatable {
    /// The user's name.
    public let user: String
    /// The instance, the right side of the commit's address.
    public let instance: String
    /// The client's own words about itself (RFC 9110 §10.1.5), where it sent some.
    public let userAgent: String?
    /// The request that asked for the change, where there was one.
    public let requestID: String?

    /// Names an author.
    public init(
        user: String,
        instance: String,
        userAgent: String? = nil,
        requestID: String? = nil
    ) {
        self.user = user
        self.instance = instance
        self.userAgent = userAgent
        self.requestID = requestID
    }

    /// The message of a commit by this author, the subject first.
    func message(_ subject: String) -> CommitMessage {
        var trailers: [CommitMessage.Trailer] = []
        if let userAgent { trailers.append(.init("User-Agent", userAgent)) }
        if let requestID { trailers.append(.init("Request-ID", requestID)) }
        return CommitMessage(
            author: user,
            email: "\(user)@\(instance)",
            subject: subject,
            trailers: trailers
        )
    }
}
