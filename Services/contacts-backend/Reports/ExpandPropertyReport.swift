import AddressBooks
import WebDAV

/// `DAV:expand-property` (RFC 3253 §3.8): properties, and those of the resources that they name.
///
/// Depth 0 and 1, as PROPFIND. ``ExpandProperty`` bounds how deep and how many; each property names
/// a resource or two, so that an answer is at most a few times as long as what was asked. An href
/// that is none of this server's is left as it stands.
struct ExpandPropertyReport {
    private let store: VisibleBooks
    private let context: PropertyContext

    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        let depth = try request.depth(default: .zero)
        guard depth != .infinity else {
            throw Refusal(403, reason: "expand-property is answered with Depth 0 and 1")
        }
        let asked = try ExpandProperty(body)
        return try Multistatus.response(request, store, .some([])) { multistatus in
            func tell(_ resource: Resource) throws {
                try multistatus.add { xml, context in
                    try ExpandPropertyReport(store: store, context: context)
                        .write(asked.items, of: resource, into: &xml)
                }
            }
            try tell(resource)
            if depth == .one {
                for member in PropfindMethod.members(of: resource, store) { try tell(member) }
            }
        }
    }

    /// Writes the `response` element of a resource, with what its hrefs stand for.
    private func write(
        _ items: [ExpandProperty.Item],
        of resource: Resource,
        into xml: inout XMLBuffer
    ) throws {
        var missing: [QualifiedName] = []
        xml.literal("<D:response>")
        xml.element(.dav("href"), text: resource.href)
        xml.literal("<D:propstat><D:prop>")
        for item in items where try !write(item, of: resource, into: &xml) {
            missing.append(item.name)
        }
        xml.literal("</D:prop>")
        Propstat.close(200, nil, &xml)
        if !missing.isEmpty { Propstat.write(missing, status: 404, into: &xml) }
        xml.literal("</D:response>")
    }

    /// Writes one property, and says whether the resource has it.
    private func write(
        _ item: ExpandProperty.Item,
        of resource: Resource,
        into xml: inout XMLBuffer
    ) throws -> Bool {
        guard let property = PropertyTable.live[item.name] else { return false }
        let writer: PropertyContext.HrefWriter? =
            item.nested.isEmpty
            ? nil : { href, xml in try expand(href, item.nested, into: &xml) }
        return try context.withHrefs(written: writer) {
            try property.read(resource, context, &xml)
        }
    }

    private func expand(
        _ href: String,
        _ items: [ExpandProperty.Item],
        into xml: inout XMLBuffer
    ) throws {
        guard let location = Location(href: href) else {
            return xml.element(.dav("href"), text: href)
        }
        if let resource = location.resource(in: store) {
            return try write(items, of: resource, into: &xml)
        }
        // Deleted since the property was read.
        xml.literal("<D:response>")
        xml.element(.dav("href"), text: href)
        xml.element(.dav("status"), text: StatusLine.text(404))
        xml.literal("</D:response>")
    }
}

extension Location {
    /// The place that an href names; `nil` for what is none of the namespace.
    init?(href: String) {
        do {
            self = try Location(RequestPath(href))
        } catch {
            return nil
        }
        if self == .nowhere { return nil }
    }
}
