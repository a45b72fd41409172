import NIOHTTP1

/// A request's method as metrics name it: one of a few, whatever clients send.
enum MethodLabel: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case options = "OPTIONS"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
    case propfind = "PROPFIND"
    case proppatch = "PROPPATCH"
    case report = "REPORT"
    case mkcol = "MKCOL"
    case copy = "COPY"
    case move = "MOVE"
    case other = "other"

    init(_ method: HTTPMethod) {
        switch method {
        case .GET: self = .get
        case .PROPFIND: self = .propfind
        case .REPORT: self = .report
        case .PUT: self = .put
        case .OPTIONS: self = .options
        case .HEAD: self = .head
        case .DELETE: self = .delete
        case .PROPPATCH: self = .proppatch
        case .POST: self = .post
        case .MKCOL: self = .mkcol
        case .COPY: self = .copy
        case .MOVE: self = .move
        default: self = .other
        }
    }
}

/// A status as metrics name it: each that the services send, the class of any other, so that a
/// backend gone wrong makes no more series than that. 0 is of requests whose client left first.
struct StatusLabel: Sendable, Hashable {
    private static let known: Set = [
        0, 200, 201, 204, 207, 301, 304, 400, 401, 403, 404, 405, 406, 408, 409, 411, 412, 413,
        414, 415, 421, 422, 424, 429, 431, 500, 501, 502, 503, 504, 505, 507,
    ]

    private let code: Int

    init(_ status: Int) {
        code = Self.known.contains(status) ? status : -min(max(status / 100, 1), 5)
    }

    var text: String {
        if code == 0 { return "none" }
        return code > 0 ? String(code) : "\(-code)xx"
    }
}

/// What became of a request's credentials, as metrics and the log name it.
enum AuthenticationOutcome: String, Sendable, CaseIterable {
    /// The user is who they say.
    case accepted
    /// There were none, and none were needed.
    case anonymous
    /// There were none.
    case missing
    /// They were wrong, or could not be read.
    case wrong
    /// A token that is not taken.
    case badToken = "bad_token"
    /// A token that is right, and allows nothing here.
    case powerlessToken = "powerless_token"
    /// They were not looked at: too many before them were wrong.
    case throttled
    /// They were not looked at: too many wait to be.
    case busy
    /// Nobody could say: PAM did not.
    case unavailable
    /// Nobody asked for them.
    case none = "-"

    init(_ verdict: Verdict) {
        switch verdict {
        case .caller: self = .accepted
        case .missing: self = .missing
        case .wrong: self = .wrong
        case .badToken: self = .badToken
        case .powerlessToken: self = .powerlessToken
        case .throttled: self = .throttled
        case .busy: self = .busy
        case .unavailable: self = .unavailable
        }
    }
}

/// What went wrong on the way to a backend, as metrics name it.
enum HopTrouble: String, Sendable, CaseIterable {
    /// Its socket could not be reached.
    case unreachable
    /// Too many requests waited for it.
    case overloaded
    /// A request waited too long for a connection to it.
    case overdue
    /// It ended the connection without an answer, or in the middle of one.
    case closed
    /// It said that it would not.
    case refused
    /// It broke the protocol.
    case violation
    /// It gave no answer in time.
    case timeout

    init(_ trouble: BackendPool.Trouble) {
        switch trouble {
        case .unreachable: self = .unreachable
        case .overloaded: self = .overloaded
        case .overdue: self = .overdue
        }
    }

    init(_ failure: BackendFailure) {
        switch failure {
        case .refused: self = .refused
        case .unsent, .closed: self = .closed
        case .violation: self = .violation
        }
    }
}
