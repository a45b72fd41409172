import Access
import WebDAV

/// Who may do what: RFC 3744 §5, which wants each of these on every resource.
///
/// Roles are the operator's, so that all of it is protected. Of others' rights nobody is told.
enum AccessProperties {
    static let all = [
        owner, group, supportedPrivileges, currentUserPrivileges, list, restrictions, inherited,
        principalCollections,
    ]

    /// RFC 3744 §5.1; empty where a resource is the server's own.
    static let owner = Property.hrefs(.dav("owner")) { resource, _ in
        switch resource {
        case .root, .principals: []
        case .principal, .home, .book, .card: [Location.principalHref]
        }
    }

    /// RFC 3744 §5.2: there are no groups.
    static let group = Property.hrefs(.dav("group")) { _, _ in [] }

    /// RFC 3744 §5.3.
    static let supportedPrivileges = Property.elements(
        .dav("supported-privilege-set"),
        isInAllprop: false
    ) { _, _, xml in
        Privilege.tree.write(into: &xml)
        return true
    }

    /// RFC 3744 §5.4.
    static let currentUserPrivileges = Property.elements(
        .dav("current-user-privilege-set"),
        isInAllprop: false
    ) { resource, context, xml in
        Privilege.write(Privilege.granted(on: resource, to: context.store.rights), into: &xml)
        return true
    }

    /// RFC 3744 §5.5: one entry, of whoever asks; no client can change it.
    static let list = Property.elements(
        .dav("acl"),
        isInAllprop: false
    ) { resource, context, xml in
        xml.literal("<D:ace><D:principal>")
        try context.write(href: Location.principalHref, into: &xml)
        xml.literal("</D:principal><D:grant>")
        Privilege.write(Privilege.granted(on: resource, to: context.store.rights), into: &xml)
        xml.literal("</D:grant><D:protected/></D:ace>")
        return true
    }

    /// RFC 3744 §5.6: rights are only ever given, and to principals as they are.
    static let restrictions = Property.elements(
        .dav("acl-restrictions"),
        isInAllprop: false
    ) { _, _, xml in
        xml.literal("<D:grant-only/><D:no-invert/>")
        return true
    }

    /// RFC 3744 §5.7: no list of another resource has a say.
    static let inherited = Property.hrefs(.dav("inherited-acl-set")) { _, _ in [] }

    /// RFC 3744 §5.8.
    static let principalCollections = Property.hrefs(.dav("principal-collection-set")) { _, _ in
        [Location.principalsHref]
    }
}
