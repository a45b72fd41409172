import AddressBooks
import WebDAV

/// Everything that a request hangs on: `If-Match` and its kin (RFC 9110 §13.1), and `If`
/// (RFC 4918 §10.4).
///
/// A write asks twice: before it reads a body that would be of no use, and, what counts, in one step
/// with the write.
struct Preconditions {
    private let conditions: Conditions
    private let header: IfHeader?
    private let location: Location
    private let authority: String
    /// The tag that the resource had when a condition by date was found to hold.
    private var dated: ETag?

    /// Reads the headers of a request.
    init(_ request: Request) throws(Refusal) {
        try self.init(
            request,
            Conditions(
                ifMatch: request.header("if-match"),
                ifNoneMatch: request.header("if-none-match"),
                ifModifiedSince: request.header("if-modified-since"),
                ifUnmodifiedSince: request.header("if-unmodified-since")
            )
        )
    }

    private init(_ request: Request, _ conditions: Conditions) throws(Refusal) {
        self.conditions = conditions
        header = try request.header("if").map { text throws(Refusal) in try IfHeader(text) }
        location = request.location
        authority = request.authority
    }

    /// What a read is to do.
    ///
    /// - Parameters:
    ///   - current: The tag of what would be told.
    ///   - state: The books, for an `If` that speaks of others too.
    ///   - modified: When the resource was changed last, where that is known.
    /// - Returns: To tell it, or that it is known, or that the conditions do not hold.
    func outcome(
        _ current: ETag,
        _ state: VisibleState,
        modified: Int64? = nil
    ) -> Conditions.Outcome {
        guard ifHeaderHolds(state) else { return .failed }
        return conditions.evaluate(current: current, isRead: true, modified: modified)
    }

    /// Refuses early what a write would refuse, and settles what hangs on a date: what held then
    /// holds for as long as the tag is the same.
    ///
    /// - Throws: A ``Refusal`` with status 412.
    mutating func settle(_ store: VisibleBooks) throws {
        let state = store.state
        try check(state)
        guard conditions.asksForDate, case .card(let name, let bookName) = location,
            let book = state.book(bookName), let card = book.card(named: name)
        else { return }
        let current = ETag(card)
        let modified = try store.times(in: book).modified(card)
        try refuse(
            conditions.evaluate(current: current, isRead: false, modified: modified),
            current
        )
        dated = current
    }

    /// Checks what a write hangs on, as the books stand.
    ///
    /// - Throws: A ``Refusal`` with status 412.
    func check(_ state: VisibleState) throws(Refusal) {
        let current = Self.etag(at: location, state)
        guard ifHeaderHolds(state), dated == nil || dated == current else {
            throw Self.failure(current)
        }
        try refuse(conditions.evaluate(current: current, isRead: false), current)
    }

    /// Checks the `If` header alone: it speaks of any method (RFC 4918 §10.4), the others only of
    /// those that read or write a representation (RFC 9110 §13.2.1).
    ///
    /// - Throws: A ``Refusal`` with status 412.
    static func checkIfHeader(
        of request: Request,
        _ store: VisibleBooks
    ) throws(Refusal) {
        guard request.header("if") != nil else { return }
        let none = try Conditions(ifMatch: nil, ifNoneMatch: nil)
        try Preconditions(request, none).check(store.state)
    }

    private func refuse(_ outcome: Conditions.Outcome, _ current: ETag?) throws(Refusal) {
        guard case .proceed = outcome else { throw Self.failure(current) }
    }

    private static func failure(_ current: ETag?) -> Refusal {
        Refusal(
            412,
            reason: current.map { "the ETag is \($0.description)" }
                ?? "there is nothing of this name"
        )
    }

    private func ifHeaderHolds(_ state: VisibleState) -> Bool {
        guard let header else { return true }
        return header.holds { resource in
            guard let resource else { return Self.etag(at: location, state) }
            // What is not here, and what is no path, has no state (RFC 4918 §10.4.1).
            do throws(Refusal) {
                let path = try Destination.path(resource, authority: authority)
                return Self.etag(at: try Location(path), state)
            } catch {
                return nil
            }
        }
    }

    private static func etag(at location: Location, _ state: VisibleState) -> ETag? {
        switch location {
        case .card(let card, let book):
            state.etag(of: card, in: book).map { ETag(opaque: $0.text, isWeak: false) }
        case .book(let name): state.book(name).map { ETag($0) }
        default: nil
        }
    }
}

extension Request {
    /// What a write hangs on, checked once already.
    func preconditions(_ store: VisibleBooks) throws -> Preconditions {
        var preconditions = try Preconditions(self)
        try preconditions.settle(store)
        return preconditions
    }
}
