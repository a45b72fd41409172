import AddressBooks
import WebDAV

/// `PROPPATCH` (RFC 4918 §9.2): changes what a book says of itself, all or nothing.
enum Proppatch {
    /// What became of one property.
    private enum Verdict {
        case done, protected, unknown
    }

    @Sendable static func answer(
        _ request: Request,
        _ store: AddressBookStore
    ) throws -> Response {
        guard let resource = request.location.resource(in: store) else { throw Refusal(404) }
        let update = try PropertyUpdate(request.xml())
        if let name = MeCard.settable(on: resource) {
            return try ProppatchMeCard.answer(update, resource, as: name, request, store)
        }
        let verdicts = update.instructions.map { ($0.name, verdict($0, on: resource)) }
        let isPossible = verdicts.allSatisfy { $0.1 == .done }
        if isPossible, case .book(let book) = resource {
            try store.updateBook(book.name, by: request.author) { properties in
                for instruction in update.instructions { try apply(instruction, to: &properties) }
            }
        }
        return .xml(207, multistatus(resource.href, verdicts, isPossible: isPossible))
    }

    private static func verdict(_ instruction: PropertyUpdate.Instruction, on resource: Resource)
        -> Verdict
    {
        guard let property = PropertyTable.live[instruction.name] else { return .unknown }
        guard case .book = resource, property.write != nil else { return .protected }
        return .done
    }

    private static func apply(
        _ instruction: PropertyUpdate.Instruction,
        to properties: inout BookProperties
    ) throws(Refusal) {
        guard let property = PropertyTable.live[instruction.name] else { return }
        switch instruction {
        case .set(let element): try property.write?(element, &properties)
        case .remove: property.remove?(&properties)
        }
    }

    private static func multistatus(
        _ href: String,
        _ verdicts: [(QualifiedName, Verdict)],
        isPossible: Bool
    ) -> [UInt8] {
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("multistatus"))
        xml.open(.dav("response"))
        xml.element(.dav("href"), text: href)
        func names(_ verdict: Verdict) -> [QualifiedName] {
            var seen = Set<QualifiedName>()
            return verdicts.filter { $0.1 == verdict && seen.insert($0.0).inserted }.map(\.0)
        }
        let done = names(.done)
        if !done.isEmpty { Propstat.write(done, status: isPossible ? 200 : 424, into: &xml) }
        let protected = names(.protected)
        if !protected.isEmpty {
            Propstat.write(
                protected,
                status: 403,
                condition: .dav("cannot-modify-protected-property"),
                into: &xml
            )
        }
        let unknown = names(.unknown)
        if !unknown.isEmpty { Propstat.write(unknown, status: 403, into: &xml) }
        xml.close(.dav("response"))
        xml.close(.dav("multistatus"))
        return xml.bytes
    }
}

extension PropertyUpdate.Instruction {
    /// The property that the instruction is about.
    var name: QualifiedName {
        switch self {
        case .set(let element): element.name
        case .remove(let name): name
        }
    }
}
