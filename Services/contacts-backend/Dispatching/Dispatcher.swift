import Access
import AddressBooks
import Logging
import WebDAV

/// Sends a request to its method, and turns what goes wrong into an answer.
struct Dispatcher: Sendable {
    /// One method: who may use it, and what does it.
    struct Method: Sendable {
        /// The least role that may use it on what the request names.
        let role: Role
        /// The privilege that a user without that role lacks (RFC 3744 §7.1.1), as a rule on what
        /// the request names.
        let privilege: QualifiedName
        /// Does it.
        let answer: @Sendable (Request, VisibleBooks) throws -> Response
    }

    /// All methods, by name. What is not here is answered with 405.
    static let methods: [String: Method] = [
        "OPTIONS": Method(role: .reader, privilege: .dav("read"), answer: Options.answer),
        "GET": Method(role: .reader, privilege: .dav("read"), answer: Get.answer),
        "HEAD": Method(role: .reader, privilege: .dav("read"), answer: Get.answer),
        "PROPFIND": Method(role: .reader, privilege: .dav("read"), answer: PropfindMethod.answer),
        "REPORT": Method(role: .reader, privilege: .dav("read"), answer: Report.answer),
        "PUT": Method(role: .writer, privilege: .dav("write-content"), answer: Put.answer),
        "DELETE": Method(role: .writer, privilege: .dav("unbind"), answer: Delete.answer),
        "MKCOL": Method(role: .writer, privilege: .dav("bind"), answer: Mkcol.answer),
        "POST": Method(role: .writer, privilege: .dav("bind"), answer: Post.answer),
        "COPY": Method(role: .reader, privilege: .dav("read"), answer: Copy.answer),
        "MOVE": Method(role: .writer, privilege: .dav("unbind"), answer: Move.answer),
        "PROPPATCH": Method(
            role: .writer,
            privilege: .dav("write-properties"),
            answer: Proppatch.answer
        ),
    ]

    let store: AddressBookStore
    let log: Logger

    /// Answers a request; whatever a method throws becomes an answer here.
    func answer(_ request: Request) -> Response {
        do {
            guard let method = Self.methods[request.method] else {
                throw Allowed.refusal(of: request.method, at: request.location)
            }
            let books = VisibleBooks(store, request.rights)
            try request.requirePrivileges(of: method, in: books)
            return try method.answer(request, books)
        } catch let refusal as Refusal {
            if refusal.condition == .dav("valid-sync-token") { tellUnknownToken(request) }
            return refused(refusal, request)
        } catch let error as AddressBookError {
            return Response(Refusal(error, log: log, request: request))
        } catch let error as ConnectionError {
            return Response.unanswerable(error)
        } catch {
            return Response(internalFault(error, request))
        }
    }

    /// Names the device: one that makes its tokens up (macOS 10.14) or that does not start anew
    /// (Thunderbird) stays where it is until its user sets the account up again.
    private func tellUnknownToken(_ request: Request) {
        log.warning(
            "a sync token is not known; a client that does not start anew is stuck",
            metadata: [
                "request_id": "\(request.author.requestID ?? "-")",
                "user": "\(request.author.user)",
                "user_agent": "\(request.author.userAgent ?? "-")",
                "book": "\(request.location.hrefForErrors)",
            ]
        )
    }

    private func refused(_ refusal: Refusal, _ request: Request) -> Response {
        guard refusal.status == 412 else { return Response(refusal) }
        do {
            return try Representation.answer(
                toFailureOf: request,
                VisibleBooks(store, request.rights)
            ) ?? Response(refusal)
        } catch {
            // What was wished for on top cannot be had; the refusal stands.
            return Response(refusal)
        }
    }

    private func internalFault(_ error: any Error, _ request: Request) -> Refusal {
        log.error(
            "a request failed for a reason that no answer has",
            metadata: [
                "request_id": "\(request.author.requestID ?? "-")",
                "method": "\(request.method)",
                "error": "\(error)",
            ]
        )
        return Refusal(500)
    }
}
