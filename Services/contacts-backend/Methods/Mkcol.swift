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
        _ store: AddressBookStore
    ) throws -> Response {
        let name = try bookName(request)
        guard store.book(name) == nil else { throw Refusal.resourceMustBeNull }
        if let type = request.mediaType, !type.hasSuffix("/xml"), !type.hasSuffix("+xml") {
            // RFC 4918 §9.3: a body that is not understood is refused.
            if try request.body.next() != nil { throw Refusal(415) }
        }
        let asked = try ExtendedMkcol(request.xml())
        guard Set(asked.resourceTypes).isSubset(of: bookTypes) else {
            throw Refusal.validResourcetype
        }
        var properties = BookProperties()
        var failed: [QualifiedName] = []
        for element in asked.properties where element.name != .dav("resourcetype") {
            guard let property = PropertyTable.live[element.name], let write = property.write else {
                failed.append(element.name)
                continue
            }
            try write(element, &properties)
        }
        guard failed.isEmpty else { return refuse(asked, failed) }
        try store.createBook(name, properties, by: request.author)
        return Response(201, content: .bytes([]))
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

    /// RFC 5689 §3: which property failed, and which failed with it.
    private static func refuse(_ asked: ExtendedMkcol, _ failed: [QualifiedName]) -> Response {
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("mkcol-response"))
        let others = asked.properties.map(\.name).filter { !failed.contains($0) }
        Propstat.write(failed, status: 403, into: &xml)
        if !others.isEmpty { Propstat.write(others, status: 424, into: &xml) }
        xml.close(.dav("mkcol-response"))
        return .xml(403, xml.bytes)
    }
}
