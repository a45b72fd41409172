import Access
import Framing
import NIOHTTP1
import Synchronization

/// Who may do what without logging in.
///
/// Only reading, and only of a book that a rule opens: everything else asks for credentials, discovery
/// above all. Clients that begin each connection without any, as Apple's do, thereby log in, and are
/// asked for them on such a book too, since a user may do more with it than somebody nobody knows.
struct AnonymousAccess: Sendable {
    /// The most clients that are remembered to have logged in.
    private static let maximumClients = 20_000
    /// Methods that change nothing (RFC 9110 §9.2.1, RFC 4918 §9.1, RFC 3253 §3.6).
    private static let methods: Set = ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"]

    private var clients = RecentTable<CredentialKey.Digest, Void>(maximum: maximumClients)

    /// Notes that a client has logged in; it is told by its address and its program.
    mutating func noteLogin(_ client: CredentialKey.Digest) { clients[client] = () }

    /// What may be done; `nil` where credentials are to be asked for.
    ///
    /// - Parameters:
    ///   - rights: What may be done with the instance without logging in.
    ///   - head: The request.
    ///   - client: The client's address and program.
    /// - Returns: The rights.
    mutating func rights(
        _ rights: Authorization,
        for head: HTTPRequestHead,
        client: CredentialKey.Digest
    ) -> Authorization? {
        guard Self.methods.contains(head.method.rawValue), clients[client] == nil,
            let book = BookPath.book(of: head.uri), rights.role(book: book) >= .reader
        else { return nil }
        return rights
    }
}

extension Authenticator {
    /// What a request without credentials may do; `nil` where credentials are to be asked for.
    func anonymousRights(_ request: ForwardedRequest, from origin: RequestOrigin) -> Authorization?
    {
        guard let instance = request.instance else { return nil }
        let rights = state.withLock { $0.directory.anonymous.authorization(instance: instance) }
        if rights.permitsNothing { return nil }
        let client = client(request, origin)
        return state.withLock { $0.anonymous.rights(rights, for: request.head, client: client) }
    }

    /// Notes that whoever sent a request has logged in; costs nothing where everybody has to.
    func noteLogin(_ request: ForwardedRequest, from origin: RequestOrigin) {
        guard state.withLock({ $0.directory.anonymous != .nothing }) else { return }
        let client = client(request, origin)
        state.withLock { $0.anonymous.noteLogin(client) }
    }

    private func client(
        _ request: ForwardedRequest,
        _ origin: RequestOrigin
    ) -> CredentialKey.Digest {
        let program = request.fields.forwarded.first { $0.name == "user-agent" }?.value ?? ""
        return key.digest("\(origin.client)\n\(program)")
    }
}
