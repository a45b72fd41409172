/// The bodies of `EWebDAVSession`: libxml2's writer, DAV: as the default namespace, others by prefix.
enum EvolutionBodies {
    private static let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    private static let names = """
        xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" \
        xmlns:A="urn:ietf:params:xml:ns:carddav" xmlns:IC="http://apple.com/ns/ical/"
        """

    static let start = propfind(
        "<resourcetype/><current-user-principal/><principal-URL/><C:calendar-home-set/>"
            + "<C:calendar-user-address-set/><A:addressbook-home-set/>"
    )

    static let home = propfind(
        "<resourcetype/><displayname/><C:calendar-description/><C:supported-calendar-component-set/>"
            + "<A:addressbook-description/><IC:calendar-color/><current-user-privilege-set/>"
    )

    static let privileges = propfind("<current-user-privilege-set/>")

    static let state = propfind(
        "<CS:getctag xmlns:CS=\"http://calendarserver.org/ns/\"/><A:supported-address-data/>"
            + "<supported-report-set/>"
    )

    static func sync(_ token: String) -> String {
        """
        \(declaration)<sync-collection xmlns="DAV:"><sync-token>\(token)</sync-token>\
        <sync-level>1</sync-level><prop><getetag/></prop></sync-collection>
        """
    }

    static func multiget(_ hrefs: [String]) -> String {
        """
        \(declaration)<C:addressbook-multiget xmlns:C="urn:ietf:params:xml:ns:carddav" \
        xmlns:D="DAV:"><D:prop><D:getetag/><C:address-data/></D:prop>\
        \(hrefs.map { "<D:href>\($0)</D:href>" }.joined())</C:addressbook-multiget>
        """
    }

    /// What it lists a book with where there is no sync report: a query without a filter.
    static let existing = """
        \(declaration)<C:addressbook-query xmlns:C="urn:ietf:params:xml:ns:carddav" \
        xmlns:D="DAV:"><D:prop><D:getetag/><C:address-data><C:prop name="VERSION"/>\
        <C:prop name="UID"/></C:address-data></D:prop></C:addressbook-query>
        """

    private static func propfind(_ properties: String) -> String {
        "\(declaration)<propfind \(names)><prop>\(properties)</prop></propfind>"
    }
}
