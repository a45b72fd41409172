/// The bodies of CalDav Synchronizer: D for DAV:, A for CardDAV, indented.
enum OutlookBodies {
    static let principal = propfind("<D:current-user-principal/>")
    static let home = propfind("<A:addressbook-home-set/>")
    static let books = propfind("<D:resourcetype/>", "<D:displayname/>")
    static let type = propfind("<D:resourcetype/>")
    static let privileges = propfind("<D:current-user-privilege-set/>")
    static let listing = propfind("<D:getetag/>", "<D:getcontenttype/>")

    static let makeBook = """
        <?xml version='1.0'?>
        <D:mkcol xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav">
            <D:set>
                <D:prop>
                    <D:resourcetype>
                        <D:collection/>
                        <A:addressbook/>
                    </D:resourcetype>
                </D:prop>
            </D:set>
        </D:mkcol>
        """

    static func name(_ title: String) -> String {
        """
        <?xml version='1.0'?>
        <D:propertyupdate xmlns:D="DAV:">
            <D:set>
                <D:prop>
                    <D:displayname>\(title)</D:displayname>
                </D:prop>
            </D:set>
        </D:propertyupdate>
        """
    }

    static func sync(_ token: String) -> String {
        """
        <?xml version='1.0'?>
        <D:sync-collection xmlns:D="DAV:">
            <D:sync-token>\(token)</D:sync-token>
            <D:sync-level>1</D:sync-level>
            <D:prop>
                <D:getetag/>
            </D:prop>
        </D:sync-collection>
        """
    }

    static func multiget(_ hrefs: [String]) -> String {
        """
        <?xml version='1.0'?>
        <A:addressbook-multiget xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav">
            <D:prop>
                <D:getetag/>
                <D:getcontenttype/>
                <A:address-data/>
            </D:prop>
            \(hrefs.map { "<D:href>\($0)</D:href>" }.joined(separator: "\n    "))
        </A:addressbook-multiget>
        """
    }

    private static func propfind(_ properties: String...) -> String {
        """
        <?xml version='1.0'?>
        <D:propfind xmlns:D="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav">
            <D:prop>
                \(properties.joined(separator: "\n        "))
            </D:prop>
        </D:propfind>
        """
    }
}
