import WebDAV

/// Writes the `propstat` elements of a multistatus (RFC 4918 §14.22).
enum Propstat {
    /// A propstat that names properties without values.
    static func write(
        _ names: [QualifiedName],
        status: Int,
        condition: QualifiedName? = nil,
        into xml: inout XMLBuffer
    ) {
        xml.literal("<D:propstat><D:prop>")
        for name in names { xml.empty(name) }
        xml.literal("</D:prop>")
        close(status, condition, &xml)
    }

    /// What follows the `prop` element.
    static func close(_ status: Int, _ condition: QualifiedName? = nil, _ xml: inout XMLBuffer) {
        xml.element(.dav("status"), text: StatusLine.text(status))
        if let condition {
            xml.literal("<D:error>")
            xml.empty(condition)
            xml.literal("</D:error>")
        }
        xml.literal("</D:propstat>")
    }
}
