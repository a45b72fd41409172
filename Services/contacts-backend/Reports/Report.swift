import AddressBooks
import WebDAV

/// `REPORT` (RFC 3253 §3.6): sends a request to its report by the body's root element.
enum Report {
    /// One report: where it works, and what makes it.
    private struct Kind: Sendable {
        let name: QualifiedName
        let works: @Sendable (Resource) -> Bool
        let answer: @Sendable (XMLElement, Resource, Request, AddressBookStore) throws -> Response
    }

    private static let all = [
        Kind(name: .carddav("addressbook-multiget"), works: isBook, answer: MultigetReport.answer),
        Kind(name: .carddav("addressbook-query"), works: isBook, answer: QueryReport.answer),
        Kind(name: .dav("sync-collection"), works: isBook, answer: SyncReport.answer),
    ]

    /// The reports that work on a resource (`DAV:supported-report-set`).
    static func supported(on resource: Resource) -> [QualifiedName] {
        all.filter { $0.works(resource) }.map(\.name)
    }

    @Sendable static func answer(
        _ request: Request,
        _ store: AddressBookStore
    ) throws -> Response {
        guard let resource = request.location.resource(in: store) else { throw Refusal(404) }
        guard let body = try request.xml() else {
            throw Refusal(400, reason: "REPORT says in its body which report is wanted")
        }
        guard let kind = all.first(where: { $0.name == body.name }), kind.works(resource) else {
            throw Refusal.supportedReport
        }
        return try kind.answer(body, resource, request, store)
    }

    @Sendable private static func isBook(_ resource: Resource) -> Bool {
        if case .book = resource { true } else { false }
    }
}
