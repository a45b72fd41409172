/// The bodies of CoreDAV: prefixes A, B, C by order of appearance, each declared where it is used.
enum AppleBodies {
    private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    private static let cardDAV = "xmlns:B=\"urn:ietf:params:xml:ns:carddav\""
    private static let calendarServer = "xmlns:C=\"http://calendarserver.org/ns/\""
    private static let me = "xmlns:D=\"http://me.com/_namespace/\""

    static let start = propfind(
        "<A:current-user-principal/>",
        "<A:principal-URL/>",
        "<A:resourcetype/>"
    )

    static let principal = propfind(
        "<B:addressbook-home-set \(cardDAV)/>",
        "<B:directory-gateway \(cardDAV)/>",
        "<A:displayname/>",
        "<C:email-address-set \(calendarServer)/>",
        "<A:principal-collection-set/>",
        "<A:principal-URL/>",
        "<A:resource-id/>",
        "<A:supported-report-set/>"
    )

    static let home = propfind(
        "<A:add-member/>",
        "<D:bulk-requests \(me)/>",
        "<A:current-user-privilege-set/>",
        "<A:displayname/>",
        "<B:max-image-size \(cardDAV)/>",
        "<B:max-resource-size \(cardDAV)/>",
        "<C:me-card \(calendarServer)/>",
        "<A:owner/>",
        "<C:push-transports \(calendarServer)/>",
        "<C:pushkey \(calendarServer)/>",
        "<A:quota-available-bytes/>",
        "<A:quota-used-bytes/>",
        "<A:resource-id/>",
        "<A:resourcetype/>",
        "<A:supported-report-set/>",
        "<A:sync-token/>"
    )

    static let state = propfind("<C:getctag \(calendarServer)/>", "<A:sync-token/>")

    static func sync(_ token: String) -> String {
        """
        \(declaration)<A:sync-collection xmlns:A="DAV:">
          <A:sync-token>\(token)</A:sync-token>
          <A:sync-level>1</A:sync-level>
          <A:prop>
            <A:getetag/>
          </A:prop>
        </A:sync-collection>
        """
    }

    static func multiget(_ hrefs: [String]) -> String {
        """
        \(declaration)<B:addressbook-multiget \(cardDAV)>
          <A:prop xmlns:A="DAV:">
            <A:getetag/>
            <B:address-data/>
          </A:prop>
        \(hrefs.map { "  <A:href xmlns:A=\"DAV:\">\($0)</A:href>" }.joined(separator: "\n"))
        </B:addressbook-multiget>
        """
    }

    static func meCard(_ href: String) -> String {
        """
        \(declaration)<A:propertyupdate xmlns:A="DAV:">
          <A:set>
            <A:prop>
              <C:me-card \(calendarServer)>
                <A:href>\(href)</A:href>
              </C:me-card>
            </A:prop>
          </A:set>
        </A:propertyupdate>
        """
    }

    private static func propfind(_ properties: String...) -> String {
        """
        \(declaration)<A:propfind xmlns:A="DAV:">
          <A:prop>
        \(properties.map { "    \($0)" }.joined(separator: "\n"))
          </A:prop>
        </A:propfind>
        """
    }
}
