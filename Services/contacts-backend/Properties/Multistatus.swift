import AddressBooks
import CardDAV
import WebDAV

/// Writes a multistatus (RFC 4918 §13) while it is sent: a listing is never held whole.
final class Multistatus {
    /// The bytes that gather before they are sent.
    private static let chunkBytes = 60 * 1024

    private var xml = XMLBuffer()
    private let body: any ResponseBody
    /// What properties are read against.
    let context: PropertyContext
    private let selection: Selection
    private var missing: [QualifiedName] = []
    /// Whether the card that is told could not be read: it fails by itself, and not the listing.
    private var isUnreadable = false

    /// What is told of each resource.
    struct Selection {
        /// What of the table is told.
        enum Live {
            /// These, each found or missing.
            case named([(name: QualifiedName, property: Property?)])
            /// Whatever of these the resource has (`allprop`).
            case present([Property])
            /// The names of whatever the resource has (`propname`).
            case names([Property])
        }

        let live: Live
        /// How cards are to be told, where `address-data` is asked for.
        let addressData: AddressDataRequest?
        /// Whether what is asked for and not there is told too (RFC 8144 §2.1).
        var tellsMissing = true

        /// Reads what a request asks for.
        init(_ request: PropertyRequest) throws(Refusal) {
            var addressData: AddressDataRequest?
            switch request {
            case .names: live = .names(PropertyTable.all)
            case .all(let include):
                let always = PropertyTable.all.filter(\.isInAllprop)
                let more = include.compactMap { PropertyTable.live[$0] }
                    .filter { !$0.isInAllprop }
                live = .present(always + more)
            case .some(let elements):
                var named: [(name: QualifiedName, property: Property?)] = []
                for element in elements {
                    if element.name == .carddav("address-data") {
                        addressData = try AddressDataRequest(element)
                    } else {
                        named.append((element.name, PropertyTable.live[element.name]))
                    }
                }
                live = .named(named)
            }
            self.addressData = addressData
        }
    }

    init(_ selection: Selection, _ context: PropertyContext, to body: any ResponseBody) {
        self.selection = selection
        self.context = context
        self.body = body
        xml.declaration()
        xml.openRoot(.dav("multistatus"))
    }

    /// The streamed answer of a method or a report that tells about resources.
    static func response(
        _ request: Request,
        _ store: VisibleBooks,
        _ properties: PropertyRequest,
        applied: [String] = [],
        write: @escaping (Multistatus) throws -> Void
    ) throws -> Response {
        let preferences = request.preferences
        let strict = preferences.isStrict ? ["handling=strict"] : []
        var selection = try Selection(properties)
        selection.tellsMissing = preferences.extent != .minimal
        let context = PropertyContext(store: store, request: request)
        return Response(
            207,
            [Response.xmlType] + preferences.fields(alsoApplied: applied + strict),
            content: .stream { [selection] body in
                let multistatus = Multistatus(selection, context, to: body)
                try write(multistatus)
                try multistatus.finish()
            }
        )
    }

    /// Tells of one resource. The found properties come first: some clients read only the first
    /// propstat, and want its status spelled `HTTP/1.1 200 OK` (Thunderbird, KDE).
    ///
    /// Takes the card's bytes where the caller has read them already.
    func add(_ resource: Resource, card: [UInt8]? = nil) throws {
        let data = try selection.addressData.flatMap { try addressData($0, of: resource, card) }
        if case .notConvertible = data {
            // RFC 6352 §8.7.2 has this status, and says it of the card and not of a property.
            return try add(
                href: resource.href,
                status: 415,
                condition: .carddav("supported-address-data-conversion")
            )
        }
        missing.removeAll(keepingCapacity: true)
        isUnreadable = false
        xml.literal("<D:response>")
        xml.element(.dav("href"), text: resource.href)
        xml.literal("<D:propstat><D:prop>")
        try addFound(resource, data)
        xml.literal("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>")
        if !missing.isEmpty, selection.tellsMissing {
            Propstat.write(missing, status: 404, into: &xml)
        }
        if isUnreadable { Propstat.write([.carddav("address-data")], status: 500, into: &xml) }
        xml.literal("</D:response>")
        try flush(atLeast: Self.chunkBytes)
    }

    /// Tells a status instead of properties, for a member that is gone or for what was cut off.
    func add(href: String, status: Int, condition: QualifiedName? = nil) throws {
        xml.literal("<D:response>")
        xml.element(.dav("href"), text: href)
        xml.element(.dav("status"), text: StatusLine.text(status))
        if let condition {
            xml.literal("<D:error>")
            xml.empty(condition)
            xml.literal("</D:error>")
        }
        xml.literal("</D:response>")
        try flush(atLeast: Self.chunkBytes)
    }

    /// Tells of a resource in another way than the request's own.
    func add(_ write: (inout XMLBuffer, PropertyContext) throws -> Void) throws {
        try write(&xml, context)
        try flush(atLeast: Self.chunkBytes)
    }

    /// Tells the position that a client has after this answer (RFC 6578 §6.2).
    func add(syncToken: String) {
        xml.element(.dav("sync-token"), text: syncToken)
    }

    private func finish() throws {
        xml.close(.dav("multistatus"))
        try flush(atLeast: 1)
    }

    private func flush(atLeast bytes: Int) throws {
        if xml.count >= bytes { try body.write(xml.take()) }
    }

    private func addFound(_ resource: Resource, _ data: AddressData?) throws {
        switch selection.live {
        case .named(let named):
            for (name, property) in named {
                let isFound =
                    try property?.read(resource, context, &xml) ?? addDead(name, of: resource)
                if !isFound { missing.append(name) }
            }
        case .present(let properties):
            for property in properties { _ = try property.read(resource, context, &xml) }
            for dead in context.deadValues(of: resource).all { xml.literal(dead.markup) }
        case .names(let properties):
            for property in properties {
                var scratch = XMLBuffer()
                if try property.read(resource, context, &scratch) { xml.empty(property.name) }
            }
            for dead in context.deadValues(of: resource).all { xml.empty(dead.name) }
        }
        if let data { add(data) }
    }

    /// Tells a property that is kept for others, and says whether there is one of that name.
    private func addDead(_ name: QualifiedName, of resource: Resource) -> Bool {
        guard let markup = context.deadValues(of: resource)[name] else { return false }
        xml.literal(markup)
        return true
    }

    /// What there is of a resource's card.
    private enum AddressData {
        case found([UInt8])
        /// The resource is no card.
        case missing
        /// Git has lost the bytes.
        case unreadable
        case notConvertible
    }

    private func addressData(
        _ request: AddressDataRequest,
        of resource: Resource,
        _ bytes: [UInt8]?
    ) throws -> AddressData? {
        guard case .card(let card, _) = resource else { return .missing }
        guard let bytes = try bytes ?? context.store.readableBytes(of: card) else {
            return .unreadable
        }
        return request.render(bytes).map { .found($0) } ?? .notConvertible
    }

    private func add(_ data: AddressData) {
        guard case .found(let bytes) = data else {
            if case .unreadable = data {
                isUnreadable = true
            } else {
                missing.append(.carddav("address-data"))
            }
            return
        }
        xml.literal("<C:address-data")
        if let (type, version) = selection.addressData?.contentType {
            xml.literal(" content-type=\"")
            xml.text(type)
            xml.literal("\" version=\"")
            xml.text(version)
            xml.literal("\"")
        }
        xml.literal(">")
        xml.text(bytes)
        xml.literal("</C:address-data>")
    }
}
