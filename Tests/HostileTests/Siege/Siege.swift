import Foundation
import Synchronization
import TestSupport
import Testing

/// The real system while somebody attacks it, and an honest client uses it.
struct Siege {
    let server: TestServer

    /// The gateway's port for plain HTTP.
    var port: Int { server.port }
    /// The one for https.
    var securePort: Int { server.securePort }

    /// The address that the honest client comes from: limits by address do not meet it.
    static let honestAddress = "127.0.0.9"
    static let book = "/dav/addressbooks/default/"
    /// What the honest client reads.
    static let honestCard = card("honest")

    /// The attacker's credentials, which open everything: who has logged in is not trusted more.
    static let authorization = "Authorization: \(credentials)\r\n"
    private static let credentials =
        "Basic \(Data("alice:correct horse".utf8).base64EncodedString())"

    static func card(_ uid: String, note: Int = 0) -> String {
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:\(uid)\r\nFN:\(uid)\r\nN:\(uid);;;;\r\n"
            + "NOTE:\(String(repeating: "x", count: note))\r\nEND:VCARD\r\n"
    }

    /// A request's head, without its last line end.
    static func head(_ line: String, _ fields: String = "") -> String {
        "\(line) HTTP/1.1\r\nHost: localhost\r\n\(authorization)\(fields)"
    }

    /// Short times, so that who is slow is met soon.
    static let shortTimes = """
        [times]
        stall = "1s"
        idle = "2s"
        head = "1s"
        handshake = "1s"

        """
    /// Wrong passwords, as many as are sent.
    static let manyFailures = """
        [throttle]
        address_failures = 10000
        user_failures = 10000

        """
    /// How much later than the times say a connection may end, on a machine that is busy: less than
    /// the least of the times that are in force without ``shortTimes``.
    static let slack = Duration.seconds(7)
}

/// Brings the system up, with https and an honest client at work, and has it attacked. Whatever the
/// attack is, afterwards
///
/// - the gateway is the same process, and answers;
/// - the honest client was served all the while, and waited for no answer longer than five seconds;
/// - the gateway took no more memory at any time than what it had at first and a bound;
/// - the book has the honest client's card, and those that the attack is known to have written;
/// - every line of the log is one of the gateway's own;
/// - `git fsck` finds nothing.
///
/// - Parameters:
///   - settings: Lines of `gateway.toml`.
///   - growthMiB: The bound.
///   - written: The cards that the attack may have written.
///   - isFilled: Whether the book is to have four megabytes of cards.
///   - attack: What is done.
/// - Throws: What the attack throws, and where the system does not come up or the store is not sound.
func withSiege(
    settings: String = "",
    growthMiB: Double = 32,
    written: Set<String> = [],
    isFilled: Bool = false,
    _ attack: (Siege) throws -> Void
) throws {
    try withServer(prepare: { server in
        try TestCertificate.make(["localhost"], in: server.folder)
        try server.write(settings + TestCertificate.settings("server"), to: "gateway.toml")
        server.listensSecurely = true
    }) { server throws in
        let siege = Siege(server: server)
        let path = "\(Siege.book)honest.vcf"
        try #require(server.request("PUT", path, body: Siege.honestCard).status == 201)
        var written = written
        if isFilled { written.formUnion(try siege.fill()) }
        try siege.warmUp()
        let process = server.gatewayID
        let before = try ProcessMemory(of: process)
        try ProcessMemory.setMark(of: process)

        let honest = HonestClient(port: server.port)
        do {
            try attack(siege)
        } catch {
            honest.stop()
            throw error
        }
        let report = honest.stop()

        try #require(kill(process, 0) == 0, "the gateway is gone")
        #expect(report.failures == [], "the honest client was not served")
        #expect(report.served > 0)
        #expect(report.longest < .seconds(5), "the honest client waited \(report.longest)")
        let after = try ProcessMemory(of: process)
        let growth = after.peakMiB - before.residentMiB
        #expect(growth < growthMiB, "the gateway grew by \(growth) MiB")
        let cards = try siege.cards()
        #expect(cards.isSubset(of: written.union(["honest.vcf"])), "\(cards)")
        #expect(cards.contains("honest.vcf"))
        for line in try server.text(of: "gateway.log").split(separator: "\n") {
            #expect(Siege.isOwnLine(line), "\(line.prefix(200))")
        }
    }
}

extension Siege {
    /// Has every part of the gateway used once, so that what it takes for good is not counted.
    fileprivate func warmUp() throws {
        for _ in 0..<16 {
            try #require(server.request("PROPFIND", Self.book, ["Depth": "1"]).status == 207)
        }
        let client = try SecureClient(port: securePort, protocols: ["h2"])
        client.send(Frames.preface)
        client.send(Frames.headers(Self.fields()))
        try eventually { Frames.read(client.bytes).contains { $0.stream == 1 } }
    }

    /// Writes four megabytes of cards.
    fileprivate func fill() throws -> [String] {
        try (0..<64).map { number in
            let body = Self.card("large-\(number)", note: 64 * 1_024)
            let name = "large-\(number).vcf"
            try #require(server.request("PUT", "\(Self.book)\(name)", body: body).status == 201)
            return name
        }
    }

    /// A report of all cards with all that is in them.
    static let wholeBook = """
        <C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
        <D:prop><C:address-data/></D:prop><C:filter/></C:addressbook-query>
        """

    /// A request for cards that are not there, each of which the answer names.
    static func multiget(count: Int) -> [UInt8] {
        var body = """
            <C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
            <D:prop><D:getetag/><C:address-data/></D:prop>
            """
        for number in 0..<count { body += "<D:href>\(book)\(number).vcf</D:href>" }
        return report(body + "</C:addressbook-multiget>")
    }

    /// A report on the book, as it is sent.
    static func report(_ body: String) -> [UInt8] {
        let fields = "Depth: 1\r\nContent-Length: \(body.utf8.count)\r\n"
        return Array("\(head("REPORT \(book)", fields))\r\n\(body)".utf8)
    }

    /// The names of the cards in the book.
    func cards(in book: String = book) throws -> Set<String> {
        // As the honest client: the attacker may have had all that one user may have.
        let answer = try server.request(
            "PROPFIND",
            book,
            ["Depth": "1"],
            user: TestServer.reader
        )
        try #require(answer.status == 207, "\(answer.text)")
        let names = answer.text.matches(of: #/<[^>]*href>([^<]*)</#).map { String($0.1) }
        return Set(names.filter { $0 != book }.map { String($0.dropFirst(book.count)) })
    }

    /// The fields of a request of HTTP/2.
    static func fields(
        _ method: String = "GET",
        _ path: String = "\(book)honest.vcf",
        also others: [(String, String)] = []
    ) -> [(String, String)] {
        [
            (":method", method), (":scheme", "https"), (":path", path),
            (":authority", "localhost"),
            ("authorization", credentials),
        ] + others
    }

    /// Whether the gateway can have written a line itself: nobody's bytes begin one.
    fileprivate static func isOwnLine(_ line: Substring) -> Bool {
        ["trace", "debug", "info", "notice", "warning", "error", "critical"]
            .contains { line.hasPrefix("\($0) frontend-http: ") }
    }
}
