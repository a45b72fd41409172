import TestSupport
import WebDAV

/// KDE's DAV groupware resource (Akonadi, kdav), as far as a server sees it.
final class KDE: Device {
    let wire: Wire
    var contacts = LocalContacts()
    private(set) var book = ""
    let version = "3.0"
    private(set) var title = ""
    private var ctag: String?
    private var listedTag = ""

    init(_ server: TestServer, user: (String, String)) throws {
        wire = Wire(
            server,
            user: user,
            .askedEachTime,
            fields: [
                ("User-Agent", "KDE DAV groupware client"),
                ("Accept", "text/html, text/*;q=0.9, image/jpeg;q=0.9, image/png;q=0.9, */*;q=0.8"),
                ("Accept-Encoding", "gzip, deflate"), ("Accept-Charset", "utf-8,*;q=0.5"),
                ("Accept-Language", "en-US,en;q=0.9"), ("Connection", "keep-alive"),
                ("Cache-control", "no-cache"), ("Pragma", "no-cache"),
            ]
        )
        try discover()
    }

    // MARK: Discovery

    /// Asks the URL that the user typed for its home, then lists the home. No well-known URI here.
    private func discover() throws {
        let (answer, start) = try wire.sendFollowing(
            "PROPFIND",
            "/dav/principals/me/",
            Self.fields(depth: "0"),
            body: KDEBodies.principal
        )
        guard let first = try Wire.multistatus(answer).responses.first,
            let home = Self.firstProperties(first).first(.carddav("addressbook-home-set"))?.href
        else { throw Rejected("no home set") }
        let path = try wire.resolve(home, against: start)
        let listed = try books(path)
        guard let found = listed.first else { throw Rejected("no address book") }
        book = try wire.resolve(found.href, against: path)
        title = Self.firstProperties(found).first(.dav("displayname"))?.text ?? ""
        listedTag = Self.firstProperties(found).first(.calendarServer("getctag"))?.text ?? ""
    }

    private func books(_ home: String) throws -> [XMLElement] {
        let answer = try wire.send(
            "PROPFIND",
            home,
            Self.fields(depth: "1"),
            body: KDEBodies.home
        )
        return try Wire.multistatus(answer).responses.filter {
            let type = Self.firstProperties($0).first(.dav("resourcetype"))
            return type?.first(.carddav("addressbook")) != nil
        }
    }

    /// The `prop` of the first propstat, which must be a good one: no other is looked at.
    private static func firstProperties(_ response: XMLElement) -> XMLElement {
        guard let propstat = response.first(.dav("propstat")),
            propstat.first(.dav("status"))?.text.contains("200") == true,
            let properties = propstat.first(.dav("prop"))
        else { return XMLElement(name: .dav("prop")) }
        return properties
    }

    // MARK: Sync

    func sync() throws {
        try save()
        let home = book.split(separator: "/").dropLast().joined(separator: "/")
        let mine = try books("/\(home)/").first { try wire.resolve($0.href, against: book) == book }
        guard let mine else { throw Rejected("the book is not listed any more") }
        let now = Self.firstProperties(mine).first(.calendarServer("getctag"))?.text
        guard let now, !now.isEmpty else { throw Rejected("no getctag") }
        guard now != ctag else { return }
        try list()
        ctag = now
    }

    private func list() throws {
        let answer = try wire.send(
            "PROPFIND",
            book,
            Self.fields(depth: "1"),
            body: KDEBodies.listing
        )
        var seen: Set<String> = []
        var wanted: [String] = []
        for response in try Wire.multistatus(answer).responses {
            let properties = Self.firstProperties(response)
            guard let type = properties.first(.dav("resourcetype")) else { continue }
            if type.first(.dav("collection")) != nil { continue }
            let href = try wire.resolve(response.href, against: book)
            guard let etag = properties.first(.dav("getetag"))?.text else { continue }
            seen.insert(href)
            // The tag is kept as it is spelled, quotes included.
            if contacts.all[href]?.etag != etag { wanted.append(href) }
        }
        contacts.keepOnly(seen)
        try fetch(wanted)
    }

    /// Asks for cards by whole URLs with the user's name in them.
    private func fetch(_ hrefs: [String]) throws {
        guard !hrefs.isEmpty else { return }
        let urls = hrefs.map { "http://alice@localhost:\(wire.port)\($0)" }
        let answer = try wire.send(
            "REPORT",
            book,
            Self.fields(depth: "1"),
            body: KDEBodies.multiget(urls)
        )
        for response in try Wire.multistatus(answer).responses {
            let properties = Self.firstProperties(response)
            guard let data = properties.first(.carddav("address-data"))?.text, !data.isEmpty,
                let etag = properties.first(.dav("getetag"))?.text
            else { continue }
            contacts.take(try wire.resolve(response.href, against: book), data, etag)
        }
    }

    private func save() throws {
        for href in contacts.changed(.removed) {
            let condition = contacts.all[href]?.etag.map { [("If-Match", $0)] } ?? []
            let answer = try wire.send("DELETE", href, condition)
            switch answer.status {
            case 200..<300, 404, 410: contacts.all[href] = nil
            case 412: try load(href)
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
            [condition, ("Content-Type", "text/vcard")],
            body: contact.text
        )
        switch answer.status {
        case 200..<300:
            let place = try answer["location"].map { try wire.resolve($0, against: href) } ?? href
            if place != href { contacts.all[href] = nil }
            try load(place)
        // The dialog shows both; the user takes the server's.
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
        contacts.take(href, answer.text, etag)
    }

    private static func fields(depth: String) -> [(String, String)] {
        [("Depth", depth), ("Content-Type", "text/xml; charset=utf-8")]
    }
}
