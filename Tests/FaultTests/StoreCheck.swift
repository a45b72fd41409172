import Crypto
import Foundation
import TestSupport
import WebDAV

/// Compares what a server says with what it may say.
enum StoreCheck {
    /// The book of most tests.
    static let book = "/dav/addressbooks/default/"

    /// What a look at all cards gave.
    struct Finding {
        /// What each card is.
        var cards: [String: Ledger.State] = [:]
        /// What is not as it may be, an entry each.
        var problems: [String] = []
    }

    /// Fetches every card that was ever written and compares it, and its ETag, with the ledger;
    /// then compares the book's listing with the cards.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - ledger: What the cards may be.
    ///   - ignoringListing: Whether the book may have cards beside those of the ledger.
    /// - Returns: What each card is, and what is wrong.
    /// - Throws: Where the server does not answer at all.
    static func look(
        at server: TestServer,
        _ ledger: Ledger,
        ignoringListing: Bool = false
    ) throws -> Finding {
        var finding = Finding()
        let connection = try HTTPConnection(port: server.port)
        for name in ledger.names {
            let answer = try get(book + name, connection)
            let state: Ledger.State = answer.status == 404 ? nil : answer.body
            if let problem = problem(of: answer) {
                finding.problems.append("\(name): \(problem)")
            } else if !ledger.allows(name, state) {
                let found = state == nil ? "it is not there" : "it is not what was stored"
                finding.problems.append("\(name): \(found)")
            } else {
                finding.cards[name] = state
            }
        }
        if ignoringListing { return finding }
        let listed = Set(try listing(of: server).keys)
        let present = Set(finding.cards.filter { $0.value != nil }.keys)
        if finding.problems.isEmpty, listed != present {
            finding.problems.append("the listing differs: \(listed.symmetricDifference(present))")
        }
        return finding
    }

    /// What is wrong with the answer to a GET of a card by itself: neither whole nor not there.
    static func problem(of answer: HTTPAnswer) -> String? {
        switch answer.status {
        case 404: nil
        case 200 where answer["etag"] == "\"\(blobID(answer.body))\"": nil
        case 200: "the bytes are not those of the ETag \(answer["etag"] ?? "-")"
        default: "status \(answer.status)"
        }
    }

    /// The names and ETags of a book's cards, as PROPFIND lists them.
    static func listing(
        of server: TestServer,
        _ book: String = StoreCheck.book
    ) throws -> [String: String] {
        let responses = try server.propfind(book, depth: "1", "<D:getetag/>").responses
        let cards = responses.filter { $0.href != book }.map { response in
            (
                String(response.href.dropFirst(book.count)),
                response.property(.dav("getetag"))?.text ?? ""
            )
        }
        return Dictionary(cards) { first, _ in first }
    }

    /// GET on a connection that stays open.
    static func get(_ path: String, _ connection: HTTPConnection) throws -> HTTPAnswer {
        try connection.send(TestServer.head("GET", path, [:], nil, TestServer.writer, "localhost"))
        return try connection.readAnswer()
    }

    /// The id that git gives to a file of these bytes.
    static func blobID(_ bytes: [UInt8]) -> String {
        let digest = Insecure.SHA1.hash(data: Array("blob \(bytes.count)\0".utf8) + bytes)
        return digest.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// What git itself finds wrong with a store, as lines; whether or not a backend runs.
    static func fsck(_ server: TestServer) throws -> [String] {
        // Not through the server's own helper: the store is looked at exactly as it lies there.
        let check = try Programs.run(
            "/usr/bin/git",
            ["-C", server.store(), "fsck", "--strict", "--full", "--no-dangling"]
        )
        let lines = (check.output + check.errors).split(separator: "\n").map { String($0) }
        let wrong = lines.filter { !$0.hasPrefix("notice:") && !$0.hasPrefix("unreachable") }
        return check.status == 0 ? wrong : wrong + ["git fsck ended with \(check.status)"]
    }
}
