/// The bodies that kdav builds with QDom: each element declares its namespace anew.
enum KDEBodies {
    static let principal = propfind(
        "<addressbook-home-set xmlns=\"urn:ietf:params:xml:ns:carddav\"/>"
            + "<current-user-principal xmlns=\"DAV:\"/><principal-URL xmlns=\"DAV:\"/>"
    )

    static let home = propfind(
        "<displayname xmlns=\"DAV:\"/><resourcetype xmlns=\"DAV:\"/>"
            + "<getctag xmlns=\"http://calendarserver.org/ns/\"/>"
    )

    static let listing = propfind(
        "<displayname xmlns=\"DAV:\"/><resourcetype xmlns=\"DAV:\"/><getetag xmlns=\"DAV:\"/>"
    )

    static func multiget(_ urls: [String]) -> String {
        """
        <addressbook-multiget xmlns="urn:ietf:params:xml:ns:carddav">
         <prop xmlns="DAV:">
          <getetag xmlns="DAV:"/>
          <address-data xmlns="urn:ietf:params:xml:ns:carddav">
           <allprop xmlns="urn:ietf:params:xml:ns:carddav"/>
          </address-data>
         </prop>
        \(urls.map { " <href xmlns=\"DAV:\">\($0)</href>" }.joined(separator: "\n"))
        </addressbook-multiget>

        """
    }

    private static func propfind(_ properties: String) -> String {
        "<propfind xmlns=\"DAV:\">\n <prop xmlns=\"DAV:\">\(properties)</prop>\n</propfind>\n"
    }
}
