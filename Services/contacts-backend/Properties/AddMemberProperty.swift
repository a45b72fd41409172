import AddressBooks
import WebDAV

/// RFC 5995 §3.2.1: where to post a card that the server is to name.
enum AddMemberProperty {
    static let all = [addMember]

    static let addMember = Property.elements(
        .dav("add-member"),
        isInAllprop: false
    ) { resource, _, xml in
        guard case .book(let book) = resource else { return false }
        xml.element(.dav("href"), text: Post.href(of: book.name))
        return true
    }
}
