internal import WebDAV

extension TestServer {
    /// PROPPATCH with the steps given, in XML with the prefixes D and C.
    public func proppatch(
        _ path: String,
        _ steps: String,
        _ fields: [String: String] = [:]
    ) throws -> Multistatus {
        try Multistatus(proppatching(path, steps, fields))
    }

    /// PROPPATCH, whatever is answered.
    public func proppatching(
        _ path: String,
        _ steps: String,
        _ fields: [String: String] = [:]
    ) throws -> HTTPAnswer {
        try request(
            "PROPPATCH",
            path,
            fields,
            body: """
                <D:propertyupdate xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
                \(steps)</D:propertyupdate>
                """
        )
    }

    /// The sync token of a book.
    ///
    /// - Throws: ``TestServer/Failure`` where the book tells none.
    public func token(_ book: String) throws -> String {
        let told = try propfind(book, "<D:sync-token/>").responses.first
        guard let token = told?.property(.dav("sync-token"))?.text else {
            throw Failure("\(book) has no sync token")
        }
        return token
    }

    /// The sync report of a book since a token.
    public func sync(_ book: String, since token: String) throws -> HTTPAnswer {
        try report(
            book,
            """
            <D:sync-collection xmlns:D="DAV:"><D:sync-token>\(token)</D:sync-token>\
            <D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>
            """,
            ["Depth": "0"]
        )
    }
}
