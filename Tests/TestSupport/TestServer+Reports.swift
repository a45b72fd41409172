public import Foundation

// What the tests of reports ask again and again.

extension TestServer {
    /// The book that every instance of a test begins with.
    public static let book = "/dav/addressbooks/default/"
    /// The home of all books.
    public static let home = "/dav/addressbooks/"

    /// Stores a small card, whose UID is its name.
    public func put(
        _ name: String,
        _ text: String = "one",
        in book: String = TestServer.book,
        _ more: String...
    ) throws {
        let lines = more.map { "\($0)\r\n" }.joined()
        let card = TestCard.text(text, uid: name)
            .replacing("END:VCARD\r\n", with: "\(lines)END:VCARD\r\n")
        let answer = try request("PUT", "\(book)\(name).vcf", body: card)
        guard [201, 204].contains(answer.status) else { throw HTTPTrouble.malformed(answer.text) }
    }

    /// Deletes a card of the default book.
    public func delete(_ name: String) throws {
        let answer = try request("DELETE", "\(Self.book)\(name).vcf")
        guard answer.status == 204 else { throw HTTPTrouble.malformed(answer.text) }
    }

    /// Makes a book.
    public func makeBook(_ name: String) throws {
        let answer = try request("MKCOL", "\(Self.home)\(name)/")
        guard answer.status == 201 else { throw HTTPTrouble.malformed(answer.text) }
    }

    /// `sync-collection` for ETags.
    ///
    /// - Parameters:
    ///   - token: The token; empty for none.
    ///   - limit: The most results.
    ///   - path: The collection.
    ///   - level: The sync-level.
    ///   - fields: Header fields, Depth 0 unless told.
    ///   - properties: The properties asked for.
    /// - Returns: The answer.
    /// - Throws: ``HTTPTrouble``.
    public func sync(
        _ token: String,
        limit: Int? = nil,
        of path: String = TestServer.book,
        level: String = "1",
        _ fields: [String: String] = ["Depth": "0"],
        properties: String = "<D:getetag/>"
    ) throws -> HTTPAnswer {
        let limit = limit.map { "<D:limit><D:nresults>\($0)</D:nresults></D:limit>" } ?? ""
        return try report(
            path,
            """
            <D:sync-collection xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
            <D:sync-token>\(token)</D:sync-token><D:sync-level>\(level)</D:sync-level>\(limit)\
            <D:prop>\(properties)</D:prop></D:sync-collection>
            """,
            fields
        )
    }

    /// `addressbook-query` for ETags.
    ///
    /// - Parameters:
    ///   - filter: The `C:filter` element, or nothing.
    ///   - path: What is asked.
    ///   - limit: The most results.
    ///   - fields: Header fields, Depth 1 unless told.
    ///   - properties: The properties asked for.
    /// - Returns: The answer.
    /// - Throws: ``HTTPTrouble``.
    public func query(
        _ filter: String = "",
        of path: String = TestServer.book,
        limit: Int? = nil,
        _ fields: [String: String] = ["Depth": "1"],
        properties: String = "<D:getetag/>"
    ) throws -> HTTPAnswer {
        let limit = limit.map { "<C:limit><C:nresults>\($0)</C:nresults></C:limit>" } ?? ""
        return try report(
            path,
            """
            <C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
            <D:prop>\(properties)</D:prop>\(filter)\(limit)</C:addressbook-query>
            """,
            fields
        )
    }

    /// `addressbook-multiget` for ETags.
    ///
    /// - Parameters:
    ///   - hrefs: The hrefs, as they are to stand in XML.
    ///   - path: What is asked.
    ///   - fields: Header fields, Depth 0 unless told.
    ///   - properties: The properties asked for.
    /// - Returns: The answer.
    /// - Throws: ``HTTPTrouble``.
    public func multiget(
        _ hrefs: [String],
        of path: String = TestServer.book,
        _ fields: [String: String] = ["Depth": "0"],
        properties: String = "<D:getetag/>"
    ) throws -> HTTPAnswer {
        try report(
            path,
            """
            <C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
            <D:prop>\(properties)</D:prop>\
            \(hrefs.map { "<D:href>\($0)</D:href>" }.joined())</C:addressbook-multiget>
            """,
            fields
        )
    }

    /// Changes an instance's files as somebody with a clone of the store does, and pushes.
    ///
    /// - Parameters:
    ///   - instance: The instance.
    ///   - change: Gets the clone's folder.
    /// - Throws: ``Failure`` where git does not do it, or what the change threw.
    public func pushWithGit(
        _ instance: String = "default",
        _ change: (URL) throws -> Void
    ) throws {
        // A checkpoint first: what is not in git yet is not in a clone of it.
        _ = try git(instance, "status")
        let clone = folder.appending(path: "clone-\(UInt32.random(in: 0 ... .max))")
        try Programs.run("/usr/bin/git", ["clone", "-q", store(instance), clone.path])
        try change(clone)
        for arguments in [["add", "-A"], ["commit", "-qm", "By hand"], ["push", "-q"]] {
            let identity = ["-c", "user.name=Pat", "-c", "user.email=pat@example.com"]
            let done = try Programs.run("/usr/bin/git", ["-C", clone.path] + identity + arguments)
            guard done.status == 0 else { throw Failure("git \(arguments): \(done.errors)") }
        }
    }
}

extension Multistatus {
    /// The names of the cards that responses are about, without their ending, in order.
    public var cardNames: [String] {
        responses.map(\.href).filter { $0.hasSuffix(".vcf") }.map { href in
            String(href.dropLast(4).split(separator: "/").last ?? "")
        }
    }

    /// The response that says that there is more, where there is one.
    public var truncation: Response? {
        responses.first { $0.status == "HTTP/1.1 507 Insufficient Storage" }
    }
}
