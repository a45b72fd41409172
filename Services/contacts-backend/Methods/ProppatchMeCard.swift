import AddressBooks
import WebDAV

/// `PROPPATCH` of the home and of the principal: the card about whoever asks, and nothing else.
enum ProppatchMeCard {
    /// Answers for a resource that takes ``MeCard`` under a name; all or nothing (RFC 4918 §9.2).
    static func answer(
        _ update: PropertyUpdate,
        _ resource: Resource,
        as name: QualifiedName,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        var names: [QualifiedName] = []
        for instruction in update.instructions where !names.contains(instruction.name) {
            names.append(instruction.name)
        }
        let others = names.filter { $0 != name }
        guard others.isEmpty else { return refuse(resource, names.filter { $0 == name }, others) }
        do {
            // The steps are done in order, so that the last of them is what remains.
            switch update.instructions.last {
            case .set(let element)?: try MeCard.set(element, by: request.author, in: store)
            case .remove?, nil: try store.removeMeCard(by: request.author)
            }
        } catch let refusal as Refusal {
            return response(resource) {
                Propstat.write(
                    [name],
                    status: refusal.status,
                    condition: refusal.condition,
                    into: &$0
                )
            }
        }
        return response(resource) { Propstat.write([name], status: 200, into: &$0) }
    }

    private static func refuse(
        _ resource: Resource,
        _ possible: [QualifiedName],
        _ others: [QualifiedName]
    ) -> Response {
        response(resource) { xml in
            if !possible.isEmpty { Propstat.write(possible, status: 424, into: &xml) }
            let live = others.filter { PropertyTable.live[$0] != nil }
            if !live.isEmpty {
                Propstat.write(
                    live,
                    status: 403,
                    condition: .dav("cannot-modify-protected-property"),
                    into: &xml
                )
            }
            let unknown = others.filter { PropertyTable.live[$0] == nil }
            if !unknown.isEmpty { Propstat.write(unknown, status: 403, into: &xml) }
        }
    }

    private static func response(
        _ resource: Resource,
        _ write: (inout XMLBuffer) -> Void
    ) -> Response {
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("multistatus"))
        xml.open(.dav("response"))
        xml.element(.dav("href"), text: resource.href)
        write(&xml)
        xml.close(.dav("response"))
        xml.close(.dav("multistatus"))
        return .xml(207, xml.bytes)
    }
}
