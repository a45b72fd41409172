import TestSupport
import WebDAV

/// Thunderbird's CardDAV address book, as far as a server sees it.
final class Thunderbird: Device {
    let wire: Wire
    var contacts = LocalContacts()
    private(set) var book = ""
    let version = "4.0"
    private(set) var title = ""
    private(set) var isWritable = false
    private(set) var syncToken: String?

    /// How many cards it asks for in one multiget.
    private static let batch = 500

    init(_ server: TestServer, user: (String, String)) throws {
        wire = Wire(
            server,
            user: user,
            .onceAsked,
            fields: [
                ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Thunderbird/140.4.0"),
                ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
                ("Accept-Language", "en-US,en;q=0.5"),
                ("Accept-Encoding", "gzip, deflate"),
                ("Connection", "keep-alive"),
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
            body: ThunderbirdBodies.start
        )
        guard let first = try Self.discovered(answer).first,
            let principal = first.found(.dav("current-user-principal"))?.href
        else { throw Rejected("no principal") }
        let principalPath = try wire.resolve(principal, against: start)
        let homeAnswer = try wire.send(
            "PROPFIND",
            principalPath,
            Self.fields(depth: "0"),
            body: ThunderbirdBodies.home
        )
        guard let owner = try Self.discovered(homeAnswer).first,
            let home = owner.found(.carddav("addressbook-home-set"))?.href
        else { throw Rejected("the home is missing: the dialog ends with an exception") }
        try chooseBook(wire.resolve(home, against: principalPath))
    }

    private func chooseBook(_ home: String) throws {
        let answer = try wire.send(
            "PROPFIND",
            home,
            Self.fields(depth: "1"),
            body: ThunderbirdBodies.books
        )
        for response in try Self.discovered(answer)
        where response.isOfType(.carddav("addressbook")) {
            let canWrite = !response.privileges.isDisjoint(
                with: ["write", "write-content", "bind", "all"]
            )
            // One that can be neither read nor written is not shown.
            guard canWrite || !response.privileges.isDisjoint(with: ["read", "all"]) else {
                continue
            }
            book = try wire.resolve(response.href, against: home)
            title = response.found(.dav("displayname"))?.text ?? ""
            isWritable = canWrite
            return
        }
        throw Rejected("no address book")
    }

    /// The responses of a discovery, whose first `status` must be spelled as here.
    private static func discovered(_ answer: HTTPAnswer) throws -> [XMLElement] {
        let responses = try Wire.multistatus(answer).responses
        for response in responses {
            let status = response.first([.dav("propstat"), .dav("status")])?.text
            guard status == "HTTP/1.1 200 OK" else {
                throw Rejected("the first status is \(status ?? "missing")")
            }
        }
        return responses
    }

    // MARK: Sync

    func sync() throws {
        try send()
        if let token = syncToken {
            try syncChanges(since: token)
        } else {
            try syncAll()
        }
    }

    private func syncAll() throws {
        let answer = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "1"),
            body: ThunderbirdBodies.listing
        )
        var seen: Set<String> = []
        var wanted: [String] = []
        for response in try Wire.multistatus(answer).responses
        where !response.isOfType(.dav("collection")) {
            let href = try wire.resolve(response.href, against: book)
            seen.insert(href)
            if contacts.all[href]?.etag != response.found(.dav("getetag"))?.text {
                wanted.append(href)
            }
        }
        for start in stride(from: 0, to: wanted.count, by: Self.batch) {
            try fetch(Array(wanted[start..<min(start + Self.batch, wanted.count)]))
        }
        contacts.keepOnly(seen)
        let state = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "0"),
            body: ThunderbirdBodies.state
        )
        syncToken = try Wire.multistatus(state).responses.first?.found(.dav("sync-token"))?.text
    }

    private func syncChanges(since token: String) throws {
        let answer = try wire.send(
            "REPORT",
            book,
            Self.fields(depth: "1"),
            body: ThunderbirdBodies.sync(token)
        )
        if answer.status == 400 { return try syncAll() }
        let root = try Wire.multistatus(answer)
        for response in root.responses {
            let href = try wire.resolve(response.href, against: book)
            if response.first(.dav("status"))?.text == "HTTP/1.1 404 Not Found" {
                contacts.all[href] = nil
            } else {
                take(response, href)
            }
        }
        guard let next = root.first(.dav("sync-token"))?.text else {
            throw Rejected("a sync report without a token")
        }
        syncToken = next
    }

    private func fetch(_ hrefs: [String]) throws {
        let answer = try wire.send(
            "REPORT",
            book,
            Self.fields(depth: "1"),
            body: ThunderbirdBodies.multiget(hrefs)
        )
        for response in try Wire.multistatus(answer).responses {
            take(response, try wire.resolve(response.href, against: book))
        }
    }

    private func take(_ response: XMLElement, _ href: String) {
        guard let etag = response.found(.dav("getetag"))?.text,
            let data = response.found(.carddav("address-data"))?.text
        else { return }
        contacts.take(href, data, etag)
    }

    /// Sends changes without a condition, and reads each card back at once.
    private func send() throws {
        for href in contacts.changed(.removed) {
            let answer = try wire.send("DELETE", href)
            // Whatever else comes is logged, and the contact is gone from the list all the same.
            contacts.all[href] = nil
            guard answer.status < 500 else { throw Rejected("DELETE: \(answer.status)") }
        }
        for href in contacts.changed(.made) + contacts.changed(.edited) {
            guard let contact = contacts.all[href] else { continue }
            let type = ("Content-Type", "text/vcard")
            let answer = try wire.send("PUT", href, [type], body: contact.text)
            contacts.all[href]?.change = nil
            // An error is logged only: the edit stays on this side for good.
            if answer.status < 400 { try fetch([href]) }
        }
    }

    /// Takes another position than the server gave.
    func pretend(syncToken: String) { self.syncToken = syncToken }

    private static func fields(depth: String) -> [(String, String)] {
        [("Depth", depth), ("Content-Type", "text/xml"), ("Pragma", "no-cache")]
    }
}
