/// The bodies of `CardDAVUtils` and `CardDAVDirectory`: no declaration, indented, prefixes card and cs.
enum ThunderbirdBodies {
    private static let names = """
        xmlns="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav" \
        xmlns:cs="http://calendarserver.org/ns/"
        """

    static let start = propfind(
        "resourcetype",
        "displayname",
        "current-user-principal",
        "current-user-privilege-set"
    )
    static let wellKnown = propfind("current-user-principal")
    static let home = propfind("card:addressbook-home-set")
    static let books = propfind("resourcetype", "displayname", "current-user-privilege-set")
    static let listing = propfind("resourcetype", "getetag", "cs:getctag")
    static let state = propfind("displayname", "cs:getctag", "sync-token")

    static func sync(_ token: String) -> String {
        """
        <sync-collection \(names)>
            <sync-token>\(token)</sync-token>
            <sync-level>1</sync-level>
            <prop>
                <getetag/>
                <card:address-data/>
            </prop>
        </sync-collection>
        """
    }

    static func multiget(_ hrefs: [String]) -> String {
        """
        <card:addressbook-multiget \(names)>
            <prop>
                <getetag/>
                <card:address-data/>
            </prop>
        \(hrefs.map { "    <href>\($0)</href>" }.joined(separator: "\n"))
        </card:addressbook-multiget>
        """
    }

    private static func propfind(_ properties: String...) -> String {
        """
        <propfind \(names)>
            <prop>
        \(properties.map { "        <\($0)/>" }.joined(separator: "\n"))
            </prop>
        </propfind>
        """
    }
}
