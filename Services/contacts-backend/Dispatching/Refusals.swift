import AddressBooks
import Logging
import WebDAV

extension Response {
    /// The answer that a refusal becomes (RFC 4918 §16).
    init(_ refusal: Refusal) {
        let fields = refusal.headers.map { (name: $0.0.lowercased(), value: $0.1) }
        let body = refusal.body()
        if body.isEmpty {
            self.init(refusal.status, fields)
        } else {
            self.init(refusal.status, fields + [Response.xmlType], content: .bytes(body))
        }
    }

    /// Stands for an answer that nobody will read: the connection is gone.
    static func unanswerable(_ error: ConnectionError) -> Response {
        Response(Refusal(400, reason: "\(error)"))
    }
}

extension Refusal {
    /// What a client is told of an address book's error; the status is the one that the RFC names.
    init(_ error: AddressBookError, log: Logger, request: Request) {
        switch error {
        case .invalidName: self.init(403, reason: error.description)
        case .noSuchBook, .noSuchCard: self.init(404, reason: error.description)
        case .bookExists(let name):
            self = .resourceMustBeNull
            // RFC 9110 §15.5.6: a 405 tells what is possible.
            headers.append(("Allow", Allowed.header(at: .book(name))))
        case .taken: self.init(412, reason: error.description)
        case .noDestination: self.init(409, reason: error.description)
        case .tooManyProperties: self.init(507, reason: error.description)
        case .tooManyBooks, .tooManyMeCards:
            self.init(507, .dav("quota-not-exceeded"), reason: error.description)
        case .notACard: self = .validAddressData(reason: error.description)
        case .tooLarge: self = .maxResourceSize
        case .uidConflict(let holder):
            self = .noUIDConflict(request.hrefOfSibling(holder))
        case .unreadableProperties(let book, _):
            log.error(
                "a book's properties cannot be read, and are not replaced",
                metadata: [
                    "request_id": "\(request.author.requestID ?? "-")", "error": "\(error)",
                ]
            )
            self.init(500, reason: "the file \(book)/config.toml needs a hand to mend it")
        case .full:
            log.error("the disk is full", metadata: ["error": "\(error)"])
            self.init(507, .dav("sufficient-disk-space"), reason: "the server's disk is full")
        case .storage, .inUse:
            log.error(
                "the store failed",
                metadata: [
                    "request_id": "\(request.author.requestID ?? "-")", "error": "\(error)",
                ]
            )
            self.init(500)
        }
    }

    /// What a client is told of a body that is no XML, or too much of it.
    init(_ error: XMLError) {
        switch error {
        case .doctype: self = .noExternalEntities
        case .tooLarge, .textTooLong, .markupTooLong: self.init(413, reason: "\(error)")
        default: self.init(400, reason: "\(error)")
        }
    }
}

extension Request {
    /// The path of another card in the book that this request is about.
    func hrefOfSibling(_ card: CardName) -> String {
        switch location {
        case .card(_, let book), .book(let book):
            Location.href(of: book) + Location.segment(card)
        default: Location.homeHref
        }
    }
}

extension Location {
    /// What an error body calls this place.
    var hrefForErrors: String {
        switch self {
        case .root, .nowhere: Self.rootHref
        case .principals: Self.principalsHref
        case .principal: Self.principalHref
        case .home: Self.homeHref
        case .book(let book): Self.href(of: book)
        case .card(let card, let book): Self.href(of: book) + Self.segment(card)
        }
    }
}
