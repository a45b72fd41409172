import TestSupport
import WebDAV

/// Contacts of iOS and macOS, as far as logged traffic shows what they send and what they want.
///
/// What differs: macOS shows the first book of the home, iOS all of them.
class AppleContacts: Device {
    let wire: Wire
    var contacts = LocalContacts()
    private(set) var book = ""
    let version = "3.0"
    /// The books that the device shows, in the home's order.
    private(set) var books: [(path: String, title: String)] = []
    private(set) var isWritable = false
    private(set) var syncToken: String?
    /// The home, where `me-card` is written.
    private(set) var home = ""
    private var ctag: String?

    /// The program's own name for itself.
    class var agent: String { "iOS/18.6.2 (22G100) dataaccessd/1.0" }
    /// Whether only the home's first book is shown.
    class var showsFirstBookOnly: Bool { false }

    required init(_ server: TestServer, user: (String, String)) throws {
        wire = Wire(
            server,
            user: user,
            .askedEachTime,
            fields: [
                ("Accept", "*/*"), ("Brief", "t"), ("User-Agent", Self.agent),
                ("Accept-Language", "en-us"), ("Accept-Encoding", "gzip, deflate"),
                ("Connection", "keep-alive"),
            ]
        )
        try setUp()
    }

    // MARK: Setup

    private func setUp() throws {
        let (answer, start) = try wire.sendFollowing(
            "PROPFIND",
            "/.well-known/carddav",
            Self.fields(depth: "0"),
            body: AppleBodies.start
        )
        guard
            let principal = try Wire.multistatus(answer).responses.first?
                .found(.dav("current-user-principal"))?.href
        else { throw Rejected("no principal") }
        let path = try wire.resolve(principal, against: start)
        let options = try wire.send("OPTIONS", path, [("Content-Length", "0")])
        guard options.status == 200, options["dav"]?.contains("addressbook") == true else {
            throw Rejected("the principal does not tell addressbook")
        }
        home = try readPrincipal(path)
        try listHome()
    }

    /// It stops without a word where the principal lacks one of these.
    private func readPrincipal(_ path: String) throws -> String {
        let answer = try wire.send(
            "PROPFIND",
            path,
            Self.fields(depth: "0"),
            body: AppleBodies.principal
        )
        guard let response = try Wire.multistatus(answer).responses.first else {
            throw Rejected("no answer for the principal")
        }
        for name in ["displayname", "principal-collection-set", "principal-URL"] {
            guard response.found(.dav(name)) != nil else {
                throw Rejected("the principal has no \(name)")
            }
        }
        guard let home = response.found(.carddav("addressbook-home-set"))?.href else {
            throw Rejected("the principal has no home")
        }
        return try wire.resolve(home, against: path)
    }

    private func listHome() throws {
        let answer = try wire.send(
            "PROPFIND",
            home,
            Self.fields(depth: "1"),
            body: AppleBodies.home
        )
        for response in try Wire.multistatus(answer).responses
        where response.isOfType(.carddav("addressbook")) {
            if books.isEmpty {
                isWritable = !response.privileges.isDisjoint(with: [
                    "write", "write-content", "all",
                ])
            }
            let title = response.found(.dav("displayname"))?.text ?? ""
            books.append((try wire.resolve(response.href, against: home), title))
            if Self.showsFirstBookOnly { break }
        }
        guard let first = books.first else { throw Rejected("no address book: nothing is shown") }
        book = first.path
    }

    /// Tells the server which card is the user's own, as the setup assistant does.
    func sendMeCard(_ href: String) throws -> HTTPAnswer {
        let fields = Self.fields(depth: "0")
        return try wire.send("PROPPATCH", home, fields, body: AppleBodies.meCard(href))
    }

    // MARK: Sync

    func sync() throws {
        try send()
        let answer = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "0"),
            body: AppleBodies.state
        )
        guard let response = try Wire.multistatus(answer).responses.first,
            let now = response.found(.calendarServer("getctag"))?.text,
            let token = response.found(.dav("sync-token"))?.text, !token.isEmpty
        else { throw Rejected("no getctag and sync-token") }
        guard now != ctag || token != syncToken else { return }
        do {
            try syncChanges(since: syncToken ?? "")
        } catch is UnknownToken {
            try syncChanges(since: "")
        }
        ctag = now
    }

    private struct UnknownToken: Error {}

    private func syncChanges(since token: String) throws {
        let answer = try wire.send(
            "REPORT",
            book,
            Self.fields(depth: "1"),
            body: AppleBodies.sync(token)
        )
        if answer.status == 403, answer.text.contains("valid-sync-token") { throw UnknownToken() }
        let root = try Wire.multistatus(answer)
        var seen: Set<String> = []
        var wanted: [String] = []
        for response in root.responses {
            let href = try wire.resolve(response.href, against: book)
            if response.first(.dav("status"))?.text.contains(" 404 ") == true {
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
            Self.fields(depth: "1"),
            body: AppleBodies.multiget(hrefs)
        )
        for response in try Wire.multistatus(answer).responses {
            guard let etag = response.found(.dav("getetag"))?.text,
                let data = response.found(.carddav("address-data"))?.text
            else { continue }
            contacts.take(try wire.resolve(response.href, against: book), data, etag)
        }
    }

    private func send() throws {
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
        let answer = try wire.send(
            "PUT",
            href,
            [condition, ("Content-Type", "text/vcard; charset=utf-8")],
            body: contact.text
        )
        switch answer.status {
        case 200..<300:
            // Without an ETag the card is read again with the next sync.
            contacts.all[href] = .init(text: contact.text, etag: answer["etag"], change: nil)
        case 404, 412: takeBack(href)
        default: throw Rejected("PUT: \(answer.status) \(answer.text)")
        }
    }

    /// Keeps the server's side of a conflict: the card is taken anew.
    private func takeBack(_ href: String) {
        contacts.all[href] = nil
        syncToken = nil
    }

    /// Takes another position than the server gave, as macOS 10.14 made one up.
    func pretend(syncToken: String) { self.syncToken = syncToken }

    private static func fields(depth: String) -> [(String, String)] {
        [("Depth", depth), ("Content-Type", "text/xml")]
    }
}

/// Contacts of macOS.
final class MacContacts: AppleContacts {
    override class var agent: String { "macOS/15.6 (24G84) AddressBookCore/2695.600.61" }
    override class var showsFirstBookOnly: Bool { true }
}
