import AddressBooks
import WebDAV

/// `REPORT` (RFC 3253 §3.6): sends a request to its report by the body's root element.
enum Report {
    /// One report: where it works, and what makes it.
    private struct Kind: Sendable {
        let name: QualifiedName
        let works: @Sendable (Resource) -> Bool
        let answer: @Sendable (XMLElement, Resource, Request, VisibleBooks) throws -> Response
    }

    private static let all = [
        Kind(
            name: .carddav("addressbook-multiget"),
            works: ReportScope.works,
            answer: MultigetReport.answer
        ),
        Kind(
            name: .carddav("addressbook-query"),
            works: ReportScope.works,
            answer: QueryReport.answer
        ),
        Kind(name: .dav("sync-collection"), works: isBook, answer: SyncReport.answer),
        Kind(name: .dav("expand-property"), works: isAny, answer: ExpandPropertyReport.answer),
        Kind(
            name: .dav("acl-principal-prop-set"),
            works: isAny,
            answer: ACLPrincipalPropSetReport.answer
        ),
        Kind(name: .dav("principal-match"), works: isFolder, answer: PrincipalMatchReport.answer),
        Kind(
            name: .dav("principal-property-search"),
            works: isFolder,
            answer: PrincipalPropertySearchReport.answer
        ),
        Kind(
            name: .dav("principal-search-property-set"),
            works: isFolder,
            answer: PrincipalSearchPropertySetReport.answer
        ),
    ]

    /// The reports that work on a resource (`DAV:supported-report-set`).
    static func supported(on resource: Resource) -> [QualifiedName] {
        all.filter { $0.works(resource) }.map(\.name)
    }

    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        guard let resource = request.location.resource(in: store) else { throw Refusal(404) }
        try Preconditions.checkIfHeader(of: request, store)
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

    @Sendable private static func isFolder(_ resource: Resource) -> Bool { resource.isCollection }

    @Sendable private static func isAny(_ resource: Resource) -> Bool { true }
}

extension Request {
    /// RFC 3744 §9.2 to §9.5: the reports about principals are defined for Depth 0 alone, which a
    /// missing header means too (RFC 3253 §3.6).
    func requireDepthZero() throws(Refusal) {
        guard try depth(default: .zero) == .zero else {
            throw Refusal(400, reason: "this report is asked with Depth 0")
        }
    }
}
