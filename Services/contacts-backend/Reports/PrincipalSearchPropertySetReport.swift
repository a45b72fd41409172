import AddressBooks
import WebDAV

/// `DAV:principal-search-property-set` (RFC 3744 §9.5): what ``PrincipalPropertySearchReport`` can
/// search.
enum PrincipalSearchPropertySetReport {
    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        try request.requireDepthZero()
        var xml = XMLBuffer()
        xml.declaration()
        xml.openRoot(.dav("principal-search-property-set"))
        for (name, description) in PrincipalPropertySearchReport.searchable {
            xml.literal("<D:principal-search-property><D:prop>")
            xml.empty(name)
            xml.literal("</D:prop>")
            xml.element(.dav("description"), text: description, language: "en")
            xml.literal("</D:principal-search-property>")
        }
        xml.close(.dav("principal-search-property-set"))
        return .xml(200, xml.bytes)
    }
}
