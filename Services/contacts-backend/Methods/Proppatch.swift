import AddressBooks
import WebDAV

/// `PROPPATCH` (RFC 4918 §9.2): changes what a book says of itself and what it keeps for others, all
/// or nothing.
enum Proppatch {
    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        guard let resource = request.location.resource(in: store) else {
            throw Refusal(404)
        }
        let preconditions = try request.preconditions(store)
        let update = try PropertyUpdate(request.xml(keepsValues: true))
        if let name = MeCard.settable(on: resource) {
            return try ProppatchMeCard.answer(update, resource, as: name, request, store)
        }
        let changes = PropertyChanges(instructions: update.instructions)
        do {
            guard case .book(let book) = resource else { throw changes.refusal() }
            try store.updateBook(
                book.name,
                by: request.author,
                if: preconditions.check,
                change: changes.apply
            )
        } catch let failure as PropertyChanges.Failure {
            return multistatus(resource.href, request) { failure.write(into: &$0) }
        }
        // RFC 8144 §2.2.
        if request.preferences.extent == .minimal {
            return Response(204, request.preferences.fields())
        }
        return multistatus(resource.href, request) { xml in
            Propstat.write(changes.names, status: 200, into: &xml)
        }
    }

    private static func multistatus(
        _ href: String,
        _ request: Request,
        _ write: (inout XMLBuffer) -> Void
    ) -> Response {
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("multistatus"))
        xml.open(.dav("response"))
        xml.element(.dav("href"), text: href)
        write(&xml)
        xml.close(.dav("response"))
        xml.close(.dav("multistatus"))
        var response = Response.xml(207, xml.bytes)
        response.fields.append(("vary", "Prefer, Brief"))
        return response
    }
}
