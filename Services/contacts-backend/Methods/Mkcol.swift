import AddressBooks
import WebDAV

/// `MKCOL`, plain (RFC 4918 §9.3) and extended (RFC 5689): makes an address book.
///
/// A home holds nothing but address books, so that a plain MKCOL makes one too. All or nothing: a
/// property that cannot be set leaves no book.
enum Mkcol {
    private static let bookTypes: Set<QualifiedName> = [
        .dav("collection"), .carddav("addressbook"),
    ]

    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        let name = try bookName(request)
        let preconditions = try request.preconditions(store)
        guard store.book(name) == nil else { throw AddressBookError.bookExists(name) }
        if let type = request.mediaType, !type.hasSuffix("/xml"), !type.hasSuffix("+xml") {
            // RFC 4918 §9.3: a body that is not understood is refused.
            if try request.body.next() != nil { throw Refusal(415) }
        }
        let asked = try ExtendedMkcol(request.xml(keepsValues: true))
        let changes = PropertyChanges(
            instructions: asked.properties.filter { $0.name != .dav("resourcetype") }
                .map { .set($0) }
        )
        var properties = BookProperties()
        var dead = DeadProperties()
        do throws(PropertyChanges.Failure) {
            guard Set(asked.resourceTypes).isSubset(of: bookTypes) else {
                throw wrongType(among: changes)
            }
            try changes.apply(to: &properties, &dead)
        } catch {
            return refuse(error)
        }
        try store.createBook(
            name,
            properties,
            dead,
            by: request.author,
            if: preconditions.check
        )
        return Response(201, request.preferences.fields(), content: .bytes([]))
    }

    private static func bookName(_ request: Request) throws -> BookName {
        switch request.location {
        case .book(let name): return name
        case .card: throw Refusal.addressbookCollectionLocationOK
        case .nowhere where request.path.segments.count > 3:
            throw Refusal(409, reason: "address books lie at /dav/addressbooks/<book>/")
        case .nowhere: throw Refusal.addressbookCollectionLocationOK
        default: throw Allowed.refusal(of: request.method, at: request.location)
        }
    }

    /// RFC 5689 §3.5: the type is what is wrong, and nothing else is set.
    private static func wrongType(among changes: PropertyChanges) -> PropertyChanges.Failure {
        PropertyChanges.Failure(
            [(.dav("resourcetype"), .resourceType)] + changes.names.map { ($0, nil) }
        )
    }

    /// RFC 5689 §3: which property failed, and which failed with it.
    private static func refuse(_ failure: PropertyChanges.Failure) -> Response {
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("mkcol-response"))
        failure.write(into: &xml)
        xml.close(.dav("mkcol-response"))
        return .xml(failure.status, xml.bytes)
    }
}
