import TestSupport
import WebDAV

/// Outlook CalDav Synchronizer over .NET's HTTP client, as far as a server sees it.
final class Outlook: Device {
    let wire: Wire
    var contacts = LocalContacts()
    private(set) var book = ""
    let version = "3.0"
    private(set) var title = ""
    private(set) var isWritable = false
    private(set) var syncToken: String?

    init(_ server: TestServer, user: (String, String)) throws {
        wire = Wire(
            server,
            user: user,
            .onceAsked,
            fields: [("User-Agent", "CalDavSynchronizer/4.5"), ("Accept-Language", "en-US")]
        )
        try discover()
    }

    // MARK: Discovery

    private func discover() throws {
        let (answer, start) = try wire.sendFollowing(
            "PROPFIND",
            "/.well-known/carddav",
            Self.fields(depth: "0"),
            body: OutlookBodies.principal
        )
        guard
            let principal = try Wire.multistatus(answer).responses.first?
                .found(.dav("current-user-principal"))?.href
        else { throw Rejected("no principal") }
        let principalPath = try wire.resolve(principal, against: start)
        let homeAnswer = try wire.send(
            "PROPFIND",
            principalPath,
            Self.fields(depth: "0"),
            body: OutlookBodies.home
        )
        guard
            let home = try Wire.multistatus(homeAnswer).responses.first?
                .found(.carddav("addressbook-home-set"))?.href
        else { throw Rejected("no home set") }
        let books = try list(try wire.resolve(home, against: principalPath))
        guard let first = books.first else { throw Rejected("no address book is shown") }
        (book, title) = first
        try connect()
    }

    /// The books that are shown: one without a `displayname` element is not.
    func list(_ home: String) throws -> [(path: String, title: String)] {
        let answer = try wire.send(
            "PROPFIND",
            home,
            Self.fields(depth: "1"),
            body: OutlookBodies.books
        )
        return try Wire.multistatus(answer).responses.compactMap { response in
            guard response.isOfType(.carddav("addressbook")),
                let name = response.found(.dav("displayname"))
            else { return nil }
            let title = name.text.isEmpty ? "Default Addressbook" : name.text
            return (try wire.resolve(response.href, against: home), title)
        }
    }

    /// The tests that its settings dialog makes, then the privileges.
    private func connect() throws {
        let options = try wire.send("OPTIONS", book, [("Content-Length", "0")])
        guard options.status == 200, options["dav"]?.contains("addressbook") == true else {
            throw Rejected("no address book access")
        }
        let type = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "0"),
            body: OutlookBodies.type
        )
        guard
            try Wire.multistatus(type).responses.first?.isOfType(.carddav("addressbook")) == true
        else { throw Rejected("the URL is no address book") }
        let answer = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "0"),
            body: OutlookBodies.privileges
        )
        let granted = try Wire.multistatus(answer).responses.first?.privileges ?? []
        isWritable =
            granted.isSuperset(of: ["write-content", "bind", "unbind"])
            || granted.contains("write")
    }

    /// Makes a book and names it.
    func makeBook(_ path: String, _ title: String) throws {
        let made = try wire.send(
            "MKCOL",
            path,
            [("Content-Type", "application/xml; charset=UTF-8")],
            body: OutlookBodies.makeBook
        )
        guard made.status == 201 else { throw Rejected("MKCOL: \(made.status) \(made.text)") }
        let named = try wire.send(
            "PROPPATCH",
            path,
            Self.fields(depth: "0"),
            body: OutlookBodies.name(title)
        )
        guard try Wire.multistatus(named).responses.first?.found(.dav("displayname")) != nil else {
            throw Rejected("PROPPATCH: \(named.text)")
        }
    }

    // MARK: Sync

    func sync() throws {
        try save()
        do {
            try syncChanges(since: syncToken ?? "")
        } catch is UnknownToken {
            try syncChanges(since: "")
        }
    }

    /// The sync without sync reports, as an option has it: all ETags, each time.
    func syncByListing() throws {
        try save()
        let answer = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "1"),
            body: OutlookBodies.listing
        )
        var versions: [String: String] = [:]
        var isBookThere = false
        for response in try Wire.multistatus(answer).responses {
            let href = try wire.resolve(response.href, against: book)
            if href == book {
                isBookThere = true
            } else if let etag = response.found(.dav("getetag"))?.text {
                versions[href] = etag
            }
        }
        guard isBookThere else { throw Rejected("the book itself is not to be recognised") }
        contacts.keepOnly(Set(versions.keys))
        try fetch(versions.filter { contacts.all[$0.key]?.etag != $0.value }.keys.sorted())
    }

    private struct UnknownToken: Error {}

    private func syncChanges(since token: String) throws {
        let answer = try wire.send(
            "REPORT",
            book,
            Self.fields(depth: "0"),
            body: OutlookBodies.sync(token)
        )
        if answer.status == 403 {
            guard let error = try Wire.xml(answer), error.name == .dav("error"),
                error.first(.dav("valid-sync-token")) != nil
            else { throw Rejected("403: \(answer.text)") }
            throw UnknownToken()
        }
        let root = try Wire.multistatus(answer)
        var seen: Set<String> = []
        var wanted: [String] = []
        for response in root.responses {
            let href = try wire.resolve(response.href, against: book)
            if let status = response.first(.dav("status"))?.text {
                guard status.contains(" 404 ") else { throw Rejected("a member with \(status)") }
                contacts.all[href] = nil
            } else if let etag = response.found(.dav("getetag"))?.text {
                seen.insert(href)
                if contacts.all[href]?.etag != etag { wanted.append(href) }
            }
        }
        guard let next = root.first(.dav("sync-token"))?.text else { throw Rejected("no token") }
        if token.isEmpty { contacts.keepOnly(seen) }
        try fetch(wanted)
        syncToken = next
    }

    private func fetch(_ hrefs: [String]) throws {
        guard !hrefs.isEmpty else { return }
        let answer = try wire.send(
            "REPORT",
            book,
            Self.fields(depth: "0"),
            body: OutlookBodies.multiget(hrefs)
        )
        for response in try Wire.multistatus(answer).responses {
            guard let etag = response.found(.dav("getetag"))?.text,
                let data = response.found(.carddav("address-data"))?.text
            else { continue }
            contacts.take(try wire.resolve(response.href, against: book), data, etag)
        }
    }

    private func save() throws {
        for href in contacts.changed(.removed) {
            let condition = contacts.all[href]?.etag.map { [("If-Match", $0)] } ?? []
            let answer = try wire.send("DELETE", href, condition)
            switch answer.status {
            case 200..<300, 404: contacts.all[href] = nil
            case 412: takeBack(href)
            default: throw Rejected("DELETE: \(answer.status)")
            }
        }
        for href in contacts.changed(.made) + contacts.changed(.edited) { try put(href) }
    }

    private func put(_ href: String) throws {
        guard let contact = contacts.all[href] else { return }
        let condition = contact.etag.map { ("If-Match", $0) } ?? ("If-None-Match", "*")
        let type = ("Content-Type", "text/vcard; charset=utf-8")
        let answer = try wire.send("PUT", href, [condition, type], body: contact.text)
        switch answer.status {
        case 200..<300:
            let place = try answer["location"].map { try wire.resolve($0, against: href) } ?? href
            if place != href { contacts.all[href] = nil }
            contacts.take(place, contact.text, try answer["etag"] ?? readETag(place))
        case 404, 412: takeBack(href)
        default: throw Rejected("PUT: \(answer.status) \(answer.text)")
        }
    }

    private func readETag(_ href: String) throws -> String {
        let answer = try wire.send("GET", href)
        guard let etag = answer["etag"] else { throw Rejected("a GET without an ETag") }
        return etag
    }

    /// Forgets a card whose change lost: it is taken anew in a sync from the start.
    private func takeBack(_ href: String) {
        contacts.all[href] = nil
        syncToken = nil
    }

    /// Takes another position than the server gave.
    func pretend(syncToken: String) { self.syncToken = syncToken }

    private static func fields(depth: String) -> [(String, String)] {
        [("Depth", depth), ("Content-Type", "application/xml; charset=UTF-8")]
    }
}
