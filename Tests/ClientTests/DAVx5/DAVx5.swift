import TestSupport
import WebDAV

/// DAVx5 4 with dav4jvm, as far as a server sees it: what it sends, and what it makes of the answers.
final class DAVx5: Device {
    let wire: Wire
    var contacts = LocalContacts()
    private(set) var book = ""
    private(set) var version = "3.0"
    /// Whether the book is shown as one that can be changed.
    private(set) var isWritable = false
    /// The book's name on the device.
    private(set) var title = ""
    private(set) var syncToken: String?

    /// How many cards it asks for in one multiget.
    private static let batch = 10

    init(_ server: TestServer, user: (String, String)) throws {
        wire = Wire(
            server,
            user: user,
            .onceAsked,
            fields: [
                ("User-Agent", "DAVx5/4.5.4-ose (dav4jvm; okhttp/5.1.0) Android/15"),
                ("Accept-Language", "en-US, en;q=0.7, *;q=0.5"),
                ("Connection", "Keep-Alive"),
                ("Accept-Encoding", "gzip"),
            ]
        )
        try discover()
    }

    // MARK: Discovery

    private func discover() throws {
        let (answer, start) = try wire.sendFollowing(
            "PROPFIND",
            "/",
            Self.fields(depth: "0"),
            body: DAVx5Bodies.start
        )
        guard let first = try Wire.multistatus(answer).responses.first,
            let principal = first.found(.dav("current-user-principal"))?.href
        else { throw Rejected("no principal") }
        let path = try wire.resolve(principal, against: start)
        try checkOptions(path)
        let home = try findHome(path)
        try chooseBook(home)
    }

    /// Rejects a principal that does not speak CardDAV.
    private func checkOptions(_ principal: String) throws {
        let answer = try wire.send(
            "OPTIONS",
            principal,
            [("Accept-Encoding", "identity"), ("Content-Length", "0")]
        )
        let classes = (answer["dav"] ?? "").split(separator: ",").map {
            $0.filter { $0 != " " }
        }
        guard answer.status == 200, classes.contains("addressbook") else {
            throw Rejected("the principal does not tell addressbook")
        }
    }

    private func findHome(_ principal: String) throws -> String {
        let answer = try wire.send(
            "PROPFIND",
            principal,
            Self.fields(depth: "0"),
            body: DAVx5Bodies.principal
        )
        guard let first = try Wire.multistatus(answer).responses.first,
            let home = first.found(.carddav("addressbook-home-set"))?.href
        else { throw Rejected("no home set") }
        return try wire.resolve(home, against: principal)
    }

    private func chooseBook(_ home: String) throws {
        let answer = try wire.send(
            "PROPFIND",
            home,
            Self.fields(depth: "1"),
            body: DAVx5Bodies.home
        )
        let books = try Wire.multistatus(answer).responses.filter {
            $0.isOfType(.carddav("addressbook"))
        }
        guard let found = books.first else { throw Rejected("no address book") }
        book = try wire.resolve(found.href, against: home)
        title = found.found(.dav("displayname"))?.text ?? ""
        isWritable = !found.privileges.isDisjoint(with: ["write", "write-content", "all"])
    }

    // MARK: Sync

    func sync() throws {
        let isModified = try upload()
        let state = try readState()
        guard isModified || state != syncToken || syncToken == nil else { return }
        do {
            try list(since: syncToken)
        } catch is UnknownToken {
            syncToken = nil
            try list(since: nil)
        }
    }

    private struct UnknownToken: Error {}

    private func readState() throws -> String {
        let answer = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "0"),
            body: DAVx5Bodies.state
        )
        guard let response = try Wire.multistatus(answer).responses.first else {
            throw Rejected("no answer for the book")
        }
        let reports = response.found(.dav("supported-report-set"))?
            .all(.dav("supported-report"))
            .compactMap { $0.first(.dav("report"))?.children.first?.name }
        guard reports?.contains(.dav("sync-collection")) == true else {
            throw Rejected("no sync-collection")
        }
        let types = response.found(.carddav("supported-address-data"))?.children ?? []
        if types.contains(where: { $0.attribute("version") == "4.0" }) { version = "4.0" }
        guard let token = response.found(.dav("sync-token"))?.text else {
            throw Rejected("no sync-token")
        }
        return token
    }

    private func list(since token: String?) throws {
        var token = token ?? ""
        let isInitial = token.isEmpty
        var seen: Set<String> = []
        var wanted: [String] = []
        var isMore = true
        while isMore {
            isMore = false
            let answer = try wire.send(
                "REPORT",
                book,
                Self.fields(depth: "0"),
                body: DAVx5Bodies.sync(token)
            )
            if answer.status == 403, answer.text.contains("valid-sync-token") {
                throw UnknownToken()
            }
            let root = try Wire.multistatus(answer)
            for response in root.responses {
                let href = try wire.resolve(response.href, against: book)
                let status = response.first(.dav("status"))?.text.split(separator: " ")
                switch status?.dropFirst().first {
                case "507" where href == book: isMore = true
                case "404": contacts.all[href] = nil
                default:
                    guard let etag = response.found(.dav("getetag"))?.text else {
                        throw Rejected("a changed member without getetag")
                    }
                    seen.insert(href)
                    if contacts.all[href]?.etag != Self.unquote(etag) { wanted.append(href) }
                }
            }
            guard let next = root.first(.dav("sync-token"))?.text else {
                throw Rejected("a sync report without a token")
            }
            token = next
        }
        try download(wanted)
        if isInitial { contacts.keepOnly(seen) }
        syncToken = token
    }

    private func download(_ hrefs: [String]) throws {
        for start in stride(from: 0, to: hrefs.count, by: Self.batch) {
            let batch = hrefs[start..<min(start + Self.batch, hrefs.count)]
            let answer = try wire.send(
                "REPORT",
                book,
                Self.fields(depth: "0"),
                body: DAVx5Bodies.multiget(Array(batch), version)
            )
            for response in try Wire.multistatus(answer).responses {
                guard let etag = response.found(.dav("getetag"))?.text,
                    let data = response.found(.carddav("address-data"))?.text
                else { continue }
                let href = try wire.resolve(response.href, against: book)
                contacts.take(href, data, Self.unquote(etag))
            }
        }
    }

    /// Sends deletions, then what was made and edited.
    ///
    /// - Returns: Whether there was anything to send.
    private func upload() throws -> Bool {
        var isModified = false
        for href in contacts.changed(.removed) {
            isModified = true
            let condition = contacts.all[href]?.etag.map { [("If-Match", "\"\($0)\"")] } ?? []
            let answer = try wire.send("DELETE", href, condition)
            switch answer.status {
            case 200..<300, 404, 410: contacts.all[href] = nil
            case 409, 412: takeBack(href)
            default: throw Rejected("DELETE: \(answer.status)")
            }
        }
        for href in contacts.changed(.edited) + contacts.changed(.made) {
            isModified = true
            try put(href, isNew: contacts.all[href]?.etag == nil)
        }
        return isModified
    }

    private func put(_ href: String, isNew: Bool) throws {
        guard let contact = contacts.all[href] else { return }
        let condition = isNew ? ("If-None-Match", "*") : ("If-Match", "\"\(contact.etag ?? "")\"")
        let type = ("Content-Type", "text/vcard; charset=utf-8; version=\(version)")
        let answer = try wire.send("PUT", href, [condition, type], body: contact.text)
        switch answer.status {
        case 201, 204:
            let etag = answer["etag"].flatMap { $0.hasPrefix("W/") ? nil : Self.unquote($0) }
            contacts.all[href] = .init(text: contact.text, etag: etag, change: nil)
        case 404 where !isNew, 410 where !isNew: try put(href, isNew: true)
        case 409, 412: takeBack(href)
        case 403 where answer.text.contains("need-privileges"): takeBack(href)
        default: throw Rejected("PUT: \(answer.status) \(answer.text)")
        }
    }

    /// Gives up a local change: the server's card is downloaded with the next listing, since the
    /// whole book is then listed from the start.
    private func takeBack(_ href: String) {
        contacts.all[href]?.change = nil
        contacts.all[href]?.etag = nil
        syncToken = nil
    }

    /// Takes another position than the server gave.
    func pretend(syncToken: String) { self.syncToken = syncToken }

    private static func unquote(_ etag: String) -> String {
        etag.hasPrefix("\"") && etag.hasSuffix("\"") ? String(etag.dropFirst().dropLast()) : etag
    }

    private static func fields(depth: String) -> [(String, String)] {
        [("Depth", depth), ("Content-Type", "application/xml; charset=utf-8")]
    }
}
