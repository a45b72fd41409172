import WebDAV

/// Who one is: RFC 3744 §4, RFC 5397, RFC 6352 §7.1.
enum PrincipalProperties {
    static let all = [
        currentUserPrincipal, principalURL, alternateURIs, groupMembers, groupMembership, homeSet,
        principalAddress,
    ]

    /// RFC 5397 §3: whoever has not logged in has no principal.
    static let currentUserPrincipal = Property.elements(
        .dav("current-user-principal"),
        isInAllprop: false
    ) { _, context, xml in
        if context.user.isEmpty {
            xml.empty(.dav("unauthenticated"))
        } else {
            try context.write(href: Location.principalHref, into: &xml)
        }
        return true
    }

    /// RFC 3744 §4.2. Told on every resource: KDE and Evolution ask wherever they begin.
    static let principalURL = Property.hrefs(.dav("principal-URL")) { _, _ in
        [Location.principalHref]
    }

    /// RFC 3744 §4.1: nothing else tells of a user.
    static let alternateURIs = Property.hrefs(.dav("alternate-URI-set")) { resource, _ in
        if case .principal = resource { [] } else { nil }
    }

    /// RFC 3744 §4.3: a user has no members. Apple asks for it on every principal.
    static let groupMembers = Property.hrefs(.dav("group-member-set")) { resource, _ in
        if case .principal = resource { [] } else { nil }
    }

    /// RFC 3744 §4.4: there are no groups to be in.
    static let groupMembership = Property.hrefs(.dav("group-membership")) { resource, _ in
        if case .principal = resource { [] } else { nil }
    }

    /// RFC 6352 §7.1.1. Told on every collection: a client that begins at the root finds it.
    static let homeSet = Property.hrefs(.carddav("addressbook-home-set")) { resource, _ in
        resource.isCollection ? [Location.homeHref] : nil
    }

    /// RFC 6352 §7.1.2: the card that users have named as that about themselves, here or as
    /// ``MeCard/property``.
    static let principalAddress = Property.hrefs(MeCard.principalAddress) { resource, context in
        guard case .principal = resource else { return nil }
        return MeCard.hrefs(context)
    }
}
