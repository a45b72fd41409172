import Access
import WebDAV

/// Who one is and what one may do: RFC 3744 §4 and §5, RFC 5397, RFC 6352 §7.1.
enum AccessProperties {
    static let all = [
        currentUserPrincipal, principalURL, homeSet, currentUserPrivileges, owner,
        principalCollections,
    ]

    /// RFC 5397 §3.
    static let currentUserPrincipal = Property.elements(
        .dav("current-user-principal"),
        isInAllprop: false
    ) { _, _, xml in
        xml.element(.dav("href"), text: Location.principalHref)
        return true
    }

    /// RFC 3744 §4.2. Told on every resource: KDE and Evolution ask wherever they begin.
    static let principalURL = Property.elements(
        .dav("principal-URL"),
        isInAllprop: false
    ) { _, _, xml in
        xml.element(.dav("href"), text: Location.principalHref)
        return true
    }

    /// RFC 6352 §7.1.1. Told on every resource too: a client that begins at the root finds it.
    static let homeSet = Property.elements(
        .carddav("addressbook-home-set"),
        isInAllprop: false
    ) { resource, _, xml in
        if case .card = resource { return false }
        xml.element(.dav("href"), text: Location.homeHref)
        return true
    }

    /// RFC 3744 §5.4, each privilege by itself: clients look for `write-content` or `bind` and do
    /// not unfold `write`.
    static let currentUserPrivileges = Property.elements(
        .dav("current-user-privilege-set"),
        isInAllprop: false
    ) { resource, context, xml in
        for privilege in privileges(on: resource, as: context.role) {
            xml.literal("<D:privilege>")
            xml.empty(privilege)
            xml.literal("</D:privilege>")
        }
        return true
    }

    /// RFC 3744 §5.1.
    static let owner = Property.elements(.dav("owner"), isInAllprop: false) { resource, _, xml in
        switch resource {
        case .root, .principals: return false
        default:
            xml.element(.dav("href"), text: Location.principalHref)
            return true
        }
    }

    /// RFC 3744 §5.8.
    static let principalCollections = Property.elements(
        .dav("principal-collection-set"),
        isInAllprop: false
    ) { _, _, xml in
        xml.element(.dav("href"), text: Location.principalsHref)
        return true
    }

    /// The privileges that a role has on a resource.
    static func privileges(on resource: Resource, as role: Role) -> [QualifiedName] {
        let reading: [QualifiedName] = [
            .dav("read"), .dav("read-current-user-privilege-set"),
        ]
        guard role >= .writer else { return reading }
        return switch resource {
        case .root, .principals, .principal: reading
        case .home: reading + [.dav("bind"), .dav("unbind")]
        case .book:
            reading + [
                .dav("write"), .dav("write-properties"), .dav("write-content"), .dav("bind"),
                .dav("unbind"),
            ]
        case .card: reading + [.dav("write"), .dav("write-properties"), .dav("write-content")]
        }
    }
}
