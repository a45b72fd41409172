import Access
import AddressBooks
import WebDAV

// Who may do what: the one place of the backend that refuses for want of a privilege, and says which
// and on what (RFC 3744 §7.1.1).
//
// RFC 3744 Appendix B has members come and go by a privilege on their collection. What may not be
// read is not there: nothing is refused here that only a reader of it could know of. The method then
// finds nothing, and answers so.
extension Request {
    /// Holds a request to what its method needs on what it names.
    ///
    /// - Throws: A ``Refusal`` with status 403 and `DAV:need-privileges`.
    func requirePrivileges(
        of method: Dispatcher.Method,
        in books: VisibleBooks
    ) throws(Refusal) {
        guard !rights.permitsNothing else {
            throw .needPrivileges(href: location.hrefForErrors, privilege: .dav("read"))
        }
        guard method.role >= .writer else { return }
        switch location {
        case .card(_, let book): try requireWritable(book, method.privilege, in: books)
        case .book where self.method == "MKCOL":
            try requireHome(.dav("bind"))
        case .book(let book):
            guard books.book(book) != nil else { return }
            if self.method == "DELETE" || self.method == "MOVE" {
                try requireHome(.dav("unbind"))
            }
            try requireWritable(book, method.privilege, in: books)
        case .home where self.method == "PROPPATCH", .principal where self.method == "PROPPATCH":
            guard rights.mayWriteSomewhere else { throw lacking(method.privilege) }
        case .root, .principals, .principal, .home, .nowhere:
            guard rights.role >= .writer else { throw lacking(method.privilege) }
        }
    }

    /// Holds a COPY or MOVE to what it needs where it leads (RFC 3744 Appendix B).
    ///
    /// - Throws: A ``Refusal`` with status 403 and `DAV:need-privileges`.
    func requirePrivileges(at target: Location, in books: VisibleBooks) throws(Refusal) {
        switch target {
        case .card(let card, let name):
            guard let book = books.book(name), !rights.mayWrite(name) else { return }
            if method == "COPY", book.card(named: card) != nil {
                throw .needPrivileges(
                    href: target.hrefForErrors,
                    privilege: .dav("write-content")
                )
            }
            throw .needPrivileges(href: Location.href(of: name), privilege: .dav("bind"))
        case .book(let name):
            try requireHome(.dav("bind"))
            guard books.book(name) != nil, !rights.mayWrite(name) else { return }
            throw .needPrivileges(href: target.hrefForErrors, privilege: .dav("write-content"))
        case .root, .principals, .principal, .home, .nowhere:
            guard rights.mayWriteSomewhere else {
                throw .needPrivileges(href: target.hrefForErrors, privilege: .dav("bind"))
            }
        }
    }

    /// Books are made and deleted by whoever may write to the instance.
    private func requireHome(_ privilege: QualifiedName) throws(Refusal) {
        guard rights.role >= .writer else {
            throw .needPrivileges(href: Location.homeHref, privilege: privilege)
        }
    }

    private func requireWritable(
        _ name: BookName,
        _ privilege: QualifiedName,
        in books: VisibleBooks
    ) throws(Refusal) {
        guard !rights.mayWrite(name), let book = books.book(name) else { return }
        switch (method, location) {
        case ("PUT", .card(let card, _)) where book.card(named: card) == nil:
            throw .needPrivileges(href: Location.href(of: name), privilege: .dav("bind"))
        case ("DELETE", .card), ("MOVE", .card), ("MKCOL", .card):
            throw .needPrivileges(href: Location.href(of: name), privilege: privilege)
        default: throw lacking(privilege)
        }
    }

    private func lacking(_ privilege: QualifiedName) -> Refusal {
        .needPrivileges(href: location.hrefForErrors, privilege: privilege)
    }
}
