import Foundation
import Synchronization
import TestSupport
import Testing
import WebDAV

/// Walks with page sizes of all kinds while others write: a client that applies what it is told has,
/// at the end of each walk, what the book held at the commit that its token names.
struct SyncPagingTests {
    /// A client that knows nothing but what reports have told it.
    private struct Client {
        var cards: [String: String] = [:]
        var token = ""
        /// What the current walk has told.
        private var told: Set<String> = []

        /// Takes one page, and says whether the walk is at its end.
        mutating func page(_ server: TestServer, limit: Int?) throws -> Bool {
            let isFirst = token.isEmpty || told.isEmpty && cards.isEmpty
            let page = try Multistatus(server.sync(token, limit: limit))
            token = try #require(page.syncToken)
            var count = 0
            for response in page.responses where response.href != TestServer.book {
                count += 1
                let name = String(response.href.dropFirst(TestServer.book.count))
                #expect(told.insert(name).inserted, "\(name) is told twice")
                if response.status == nil {
                    cards[name] = try #require(response.property(.dav("getetag"))?.text)
                } else {
                    #expect(response.status == "HTTP/1.1 404 Not Found")
                    #expect(!isFirst)
                    cards[name] = nil
                }
            }
            guard let rest = page.truncation else {
                told = []
                return true
            }
            #expect(rest.href == TestServer.book)
            #expect(rest.error?.first(.dav("number-of-matches-within-limits")) != nil)
            #expect(count == limit)
            return false
        }
    }

    /// What git says that the book held at the commit of a token.
    private static func truth(_ server: TestServer, _ token: String) throws -> [String: String] {
        #expect(token.utf8.count == "everlock-sync:".utf8.count + 40)
        let tree = try server.git("default", "ls-tree", "\(token.suffix(40)):default").output
        var cards: [String: String] = [:]
        for line in tree.split(separator: "\n") where line.hasSuffix(".vcf") {
            let parts = line.split { $0 == " " || $0 == "\t" }
            cards[String(parts[3])] = "\"\(parts[2])\""
        }
        return cards
    }

    @Test func `RFC 6578 §3.6: pages end in the book's true state while others write`() throws {
        try withServer { server throws in
            try server.makeBook("other")
            for number in 0..<12 { try server.put("c\(number)") }
            let writers = try Writers(2, server)
            defer { writers.stop() }
            var clients = [Client(), Client(), Client()]
            var ends = 0

            while ends < 24 {
                let index = Int.random(in: clients.indices)
                // The limits of one walk may differ from page to page.
                let limit = [nil, 1, 2, 3, 5, 8, 50].randomElement() ?? nil
                if try clients[index].page(server, limit: limit) {
                    ends += 1
                    let truth = try Self.truth(server, clients[index].token)
                    #expect(clients[index].cards == truth)
                }
            }

            writers.stop()
            for index in clients.indices {
                // The walk that was under way leads to where the book stood when it began.
                while try !clients[index].page(server, limit: 4) {}
                while try !clients[index].page(server, limit: 4) {}
                let property = try server.propfind(TestServer.book, "<D:sync-token/>")
                #expect(
                    clients[index].token
                        == property.responses[0].property(.dav("sync-token"))?.text
                )
                let listing = try server.propfind(TestServer.book, depth: "1", "<D:getetag/>")
                var listed: [String: String] = [:]
                for response in listing.responses where response.href != TestServer.book {
                    let name = String(response.href.dropFirst(TestServer.book.count))
                    listed[name] = response.property(.dav("getetag"))?.text
                }
                #expect(clients[index].cards == listed)
            }
            #expect(writers.problems.isEmpty)
            #expect(writers.count > 20)
        }
    }

    @Test func `RFC 6578 §3.6: a walk goes on after a restart, and over a frozen commit`() throws {
        try withServer { server throws in
            for number in 0..<9 { try server.put("c\(number)") }
            var client = Client()
            #expect(try !client.page(server, limit: 4))
            try server.put("c0", "two")
            try server.put("c8", "two")
            try server.delete("c7")
            try server.put("c75")
            let target = String(client.token.prefix(54))

            server.stopBackend("default")
            try server.startBackend("default")
            while try !client.page(server, limit: 2) {}

            #expect(client.token == target)
            #expect(client.cards.count == 9)
            #expect(try client.cards == Self.truth(server, target))
            #expect(try client.page(server, limit: nil))
            #expect(try client.cards == Self.truth(server, client.token))
            #expect(client.cards.keys.sorted().suffix(2) == ["c75.vcf", "c8.vcf"])
        }
    }

    @Test func `RFC 6578 §3.6: the page of a walk may be asked for again`() throws {
        try withServer { server throws in
            for number in 0..<6 { try server.put("c\(number)") }
            let first = try Multistatus(server.sync("", limit: 2))
            let token = try #require(first.syncToken)

            let second = try Multistatus(server.sync(token, limit: 2))
            try server.put("c2", "two")
            let again = try Multistatus(server.sync(token, limit: 2))

            #expect(second.cardNames == ["c2", "c3"])
            #expect(again.cardNames == second.cardNames)
            #expect(again.syncToken == second.syncToken)
        }
    }
}

/// Threads that change cards at random until they are stopped.
private final class Writers: Sendable {
    private struct State {
        var isStopped = false
        var running = 0
        var count = 0
        var problems: [String] = []
    }

    private let state = Mutex(State())

    init(_ count: Int, _ server: TestServer) throws {
        let port = server.port
        state.withLock { $0.running = count }
        for _ in 0..<count {
            Thread.detachNewThread { [self] in
                write(to: port)
                state.withLock { $0.running -= 1 }
            }
        }
    }

    /// How much was written.
    var count: Int { state.withLock { $0.count } }
    /// What was not answered as it should have been.
    var problems: [String] { state.withLock { $0.problems } }

    /// Ends the threads and waits for them.
    func stop() {
        state.withLock { $0.isStopped = true }
        while state.withLock({ $0.running }) > 0 { usleep(1_000) }
    }

    private func write(to port: Int) {
        do {
            let connection = try HTTPConnection(port: port)
            while !state.withLock({ $0.isStopped }) {
                let (method, path, body) = Self.randomChange()
                try connection.send(
                    TestServer.head(method, path, [:], body, TestServer.writer, "localhost")
                )
                let answer = try connection.readAnswer()
                state.withLock { state in
                    state.count += 1
                    if ![201, 204, 404].contains(answer.status) {
                        state.problems.append("\(method) \(path): \(answer.status)")
                    }
                }
            }
        } catch {
            state.withLock { $0.problems.append("\(error)") }
        }
    }

    private static func randomChange() -> (method: String, path: String, body: String?) {
        let name = "c\(Int.random(in: 0..<24))"
        let text = TestCard.text("\(Int.random(in: 0..<3))", uid: name)
        switch Int.random(in: 0..<8) {
        case 0: return ("PUT", "\(TestServer.home)other/\(name).vcf", text)
        case 1...3: return ("DELETE", "\(TestServer.book)\(name).vcf", nil)
        default: return ("PUT", "\(TestServer.book)\(name).vcf", text)
        }
    }
}
