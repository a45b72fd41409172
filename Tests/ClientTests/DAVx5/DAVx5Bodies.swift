/// The bodies that dav4jvm serialises: `DAV:` as the default namespace, CAL and CARD as prefixes.
enum DAVx5Bodies {
    private static let names = """
        xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav" \
        xmlns:CARD="urn:ietf:params:xml:ns:carddav"
        """
    private static let declaration = "<?xml version='1.0' encoding='UTF-8' ?>"

    static let start = propfind(
        "<resourcetype /><displayname /><current-user-principal /><CARD:addressbook-home-set />"
            + "<CARD:addressbook-description />"
    )

    static let principal = propfind(
        "<displayname /><group-membership /><resourcetype /><CARD:addressbook-home-set />"
    )

    static let home = propfind(
        """
        <current-user-privilege-set /><displayname /><owner /><resourcetype />\
        <n0:transports xmlns:n0="https://bitfire.at/webdav-push" />\
        <n1:topic xmlns:n1="https://bitfire.at/webdav-push" /><CARD:addressbook-description />
        """
    )

    static let state = propfind(
        """
        <supported-report-set /><sync-token />\
        <n0:getctag xmlns:n0="http://calendarserver.org/ns/" /><CAL:max-resource-size />\
        <CARD:max-resource-size /><CARD:supported-address-data />
        """
    )

    static func sync(_ token: String) -> String {
        """
        \(declaration)<sync-collection \(names)><sync-token>\(token)</sync-token>\
        <sync-level>1</sync-level><prop><getetag /><resourcetype /></prop></sync-collection>
        """
    }

    static func multiget(_ hrefs: [String], _ version: String) -> String {
        let form = version == "4.0" ? " content-type=\"text/vcard\" version=\"4.0\"" : ""
        return """
            \(declaration)<CARD:addressbook-multiget \(names)><prop><getcontenttype /><getetag />\
            <CARD:address-data\(form) /></prop>\
            \(hrefs.map { "<href>\($0)</href>" }.joined())</CARD:addressbook-multiget>
            """
    }

    private static func propfind(_ properties: String) -> String {
        "\(declaration)<propfind \(names)><prop>\(properties)</prop></propfind>"
    }
}
