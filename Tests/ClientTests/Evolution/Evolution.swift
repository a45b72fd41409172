import TestSupport
import WebDAV

/// Evolution's CardDAV backend over libsoup, as far as a server sees it.
final class Evolution: Device {
    let wire: Wire
    var contacts = LocalContacts()
    private(set) var book = ""
    private(set) var version = "3.0"
    private(set) var title = ""
    private(set) var isWritable = false
    private(set) var syncToken: String?
    private var ctag: String?

    /// How many cards it asks for in one multiget.
    private static let batch = 100

    init(_ server: TestServer, user: (String, String)) throws {
        wire = Wire(
            server,
            user: user,
            .onceAsked,
            fields: [
                ("User-Agent", "Evolution/3.56.2"), ("Connection", "Keep-Alive"),
                ("Accept-Encoding", "gzip, deflate"), ("Accept-Language", "en-us, en;q=0.9"),
                ("Cache-Control", "no-cache"), ("Pragma", "no-cache"),
            ]
        )
        try discover()
        try connect()
    }

    // MARK: Discovery

    private func discover() throws {
        let (answer, start) = try wire.sendFollowing(
            "PROPFIND",
            "/",
            Self.fields(depth: "0"),
            body: EvolutionBodies.start
        )
        guard let first = try Wire.multistatus(answer).responses.first,
            let home = first.found(.carddav("addressbook-home-set"))?.href
        else { throw Rejected("no home set") }
        let path = try wire.resolve(home, against: start)
        let list = try wire.send(
            "PROPFIND",
            path,
            Self.fields(depth: "1"),
            body: EvolutionBodies.home
        )
        let books = try Wire.multistatus(list).responses.filter {
            $0.isOfType(.carddav("addressbook"))
        }
        guard let found = books.first else { throw Rejected("no address book") }
        book = try wire.resolve(found.href, against: path)
        title = found.found(.dav("displayname"))?.text ?? ""
    }

    private func connect() throws {
        let options = try wire.send("OPTIONS", book, [("Content-Length", "0")])
        let classes = (options["dav"] ?? "").lowercased().split(separator: ",").map {
            $0.filter { $0 != " " }
        }
        guard options.status == 200, classes.contains("addressbook") else {
            throw Rejected("the URL does not reference an address book")
        }
        let privileges = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "0"),
            body: EvolutionBodies.privileges
        )
        let granted = try Wire.multistatus(privileges).responses.first?.privileges ?? []
        isWritable = !granted.isDisjoint(with: ["write", "write-content", "all"])
        _ = try readState()
    }

    // MARK: Sync

    func sync() throws {
        try save()
        let now = try readState()
        // Nothing is listed while the ctag stays as it was.
        guard ctag == nil || ctag != now else { return }
        if let token = syncToken {
            do {
                try syncChanges(since: token)
            } catch is UnknownToken {
                syncToken = nil
                try syncChanges(since: "")
            }
        } else {
            try syncChanges(since: "")
        }
        ctag = now
    }

    private struct UnknownToken: Error {}

    private func readState() throws -> String {
        let answer = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "0"),
            body: EvolutionBodies.state
        )
        guard let response = try Wire.multistatus(answer).responses.first,
            let now = response.found(.calendarServer("getctag"))?.text, !now.isEmpty
        else { throw Rejected("no getctag") }
        let types = response.found(.carddav("supported-address-data"))?.children ?? []
        if types.contains(where: { $0.attribute("version") == "4.0" }) { version = "4.0" }
        return now
    }

    private func syncChanges(since start: String) throws {
        var token = start
        var seen: Set<String> = []
        var wanted: [String] = []
        var isMore = true
        while isMore {
            isMore = false
            let answer = try wire.send(
                "REPORT",
                book,
                Self.fields(depth: "0"),
                body: EvolutionBodies.sync(token)
            )
            if answer.status == 412 { throw UnknownToken() }
            if answer.status == 403, answer.text.contains("valid-sync-token") {
                throw UnknownToken()
            }
            let root = try Wire.multistatus(answer)
            for response in root.responses {
                let href = try wire.resolve(response.href, against: book)
                if let status = response.first(.dav("status"))?.text {
                    if status.contains(" 404 ") { contacts.all[href] = nil }
                    if status.contains(" 507 ") { isMore = true }
                } else if !href.hasSuffix("/"), let etag = response.found(.dav("getetag"))?.text {
                    seen.insert(href)
                    if contacts.all[href]?.etag != Self.unquote(etag) { wanted.append(href) }
                }
            }
            guard let next = root.first(.dav("sync-token"))?.text,
                next.contains(":") || next.contains("/")
            else { throw Rejected("the sync token is no URI: it would be ignored") }
            token = next
        }
        try fetch(wanted)
        if start.isEmpty { contacts.keepOnly(seen) }
        syncToken = token
    }

    /// Reads cards in batches; an answer in another order than asked would cost it a walk each.
    private func fetch(_ hrefs: [String]) throws {
        for start in stride(from: 0, to: hrefs.count, by: Self.batch) {
            let batch = Array(hrefs[start..<min(start + Self.batch, hrefs.count)])
            let answer = try wire.send(
                "REPORT",
                book,
                Self.fields(depth: nil),
                body: EvolutionBodies.multiget(batch)
            )
            let responses = try Wire.multistatus(answer).responses
            guard try responses.map({ try wire.resolve($0.href, against: book) }) == batch else {
                throw Rejected("the multiget is answered in another order")
            }
            for (href, response) in zip(batch, responses) {
                guard let etag = response.found(.dav("getetag"))?.text,
                    let data = response.found(.carddav("address-data"))?.text
                else { continue }
                contacts.take(href, data, Self.unquote(etag))
            }
        }
    }

    private func save() throws {
        for href in contacts.changed(.removed) {
            let answer = try wire.send("DELETE", href)
            guard [200, 204, 404].contains(answer.status) else {
                throw Rejected("DELETE: \(answer.status)")
            }
            contacts.all[href] = nil
        }
        for href in contacts.changed(.made) + contacts.changed(.edited) { try put(href) }
    }

    private func put(_ href: String) throws {
        guard let contact = contacts.all[href] else { return }
        let condition =
            contact.etag.map { ("If-Match", "\"\($0)\"") } ?? ("If-None-Match", "*")
        let answer = try wire.send(
            "PUT",
            href,
            [
                condition, ("Content-Type", "text/vcard; charset=utf-8"),
                ("Prefer", "return=minimal"),
            ],
            body: contact.text
        )
        switch answer.status {
        case 200, 201, 204:
            let place = try answer["location"].map { try wire.resolve($0, against: href) } ?? href
            if place != href { contacts.all[href] = nil }
            if let etag = answer["etag"], !etag.hasPrefix("W/") {
                contacts.take(place, contact.text, Self.unquote(etag))
            } else {
                try load(place)
            }
        // The user's policy for conflicts here: keep what is on the server.
        case 412: try load(href)
        default: throw Rejected("PUT: \(answer.status) \(answer.text)")
        }
    }

    private func load(_ href: String) throws {
        let answer = try wire.send("GET", href)
        if answer.status == 404 { return contacts.all[href] = nil }
        guard answer.status == 200, let etag = answer["etag"] else {
            throw Rejected("a GET without an ETag")
        }
        contacts.take(href, answer.text, Self.unquote(etag))
    }

    /// Takes another position than the server gave.
    func pretend(syncToken: String) {
        self.syncToken = syncToken
        ctag = nil
    }

    private static func unquote(_ etag: String) -> String {
        etag.hasPrefix("\"") && etag.hasSuffix("\"") ? String(etag.dropFirst().dropLast()) : etag
    }

    private static func fields(depth: String?) -> [(String, String)] {
        let type = ("Content-Type", "application/xml; charset=\"utf-8\"")
        return depth.map { [("Depth", $0), type] } ?? [type]
    }
}
