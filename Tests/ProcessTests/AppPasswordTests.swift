import Foundation
import Synchronization
import TestSupport
import Testing

/// App passwords from the operator's command to the client's request, with the real programs.
@Suite(.timeLimit(.minutes(10)))
struct AppPasswordTests {
    private static let book = "/dav/addressbooks/default/"

    /// Makes a password for a device of alice.
    private static func add(_ server: TestServer, _ arguments: String...) throws -> String {
        let made = try Programs.run(
            "contactsctl",
            ["app-password", "add", "alice", "--config", server.folder.path] + arguments
        )
        #expect(made.errors == "")
        return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func list(_ server: TestServer) throws -> [[String: Any]] {
        let list = try Programs.run(
            "contactsctl",
            [
                "app-password", "list", "--json", "--config", server.folder.path,
                "--gateway-state", server.folder.path,
            ]
        )
        return try #require(
            try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
        )
    }

    @Test func `a device's password is taken at once, within its limits`() throws {
        let instances = [(name: "default", host: "*"), (name: "work", host: "work.example.com")]
        try withServer(instances: instances) { server throws in
            let phone = ("alice", try Self.add(server, "--name", "Alice's phone"))
            let kiosk = (
                "alice",
                try Self.add(
                    server,
                    "--name",
                    "Kiosk",
                    "--instance",
                    "work",
                    "--read-only",
                    "--expires",
                    "365d"
                )
            )
            func put(_ user: (String, String), _ host: String) throws -> Int {
                try server.request(
                    "PUT",
                    "\(Self.book)a.vcf",
                    body: TestCard.text("A", uid: "1"),
                    user: user,
                    host: host
                ).status
            }
            func read(_ user: (String, String), _ host: String) throws -> Int {
                try server.request("GET", Self.book, user: user, host: host).status
            }

            try eventually { try read(phone, "localhost") == 200 }
            #expect(try put(phone, "localhost") == 201)
            #expect(try read(kiosk, "work.example.com") == 200)
            #expect(try put(kiosk, "work.example.com") == 403)
            #expect(try read(kiosk, "localhost") == 403)
            #expect(try server.control("check").status == 0)
            let rows = try Self.list(server)
            #expect(rows.map { $0["name"] as? String } == ["Alice's phone", "Kiosk"])
            #expect(rows.map { $0["access"] as? String } == ["writer", "reader"])
            #expect(rows.allSatisfy { $0["lastUse"] is NSNull })
            #expect(rows.map { $0["expires"] is NSNull } == [true, false])
        }
    }

    @Test
    func `a list says what each opens, and of what the gateway has not told that it is unknown`()
        throws
    {
        try withServer { server throws in
            _ = try Self.add(server, "--name", "Phone")
            _ = try Self.add(
                server,
                "--name",
                "Kiosk",
                "--instance",
                "default",
                "--read-only",
                "--expires",
                "365d"
            )
            func list(_ arguments: String...) throws -> [[Substring]] {
                let places = ["--config", server.folder.path]
                return try Programs.run(
                    "contactsctl",
                    ["app-password", "list"] + places + arguments
                )
                .output.split(separator: "\n").map { $0.split(separator: "\t") }
            }
            server.stopGateway()
            let nothing = "\(server.folder.path)/nothing"
            let unknown = try list("--gateway-state", nothing)
            let ids = unknown.map { $0[1] }
            try server.write("[alice]\n\(ids[0]) = \"2026-11-21T11:23Z\"\n", to: "last-use.toml")

            let known = try list("--state", server.folder.path)

            #expect(unknown.map { $0[6] } == ["last use unknown", "last use unknown"])
            #expect(known.map { $0[6] } == ["last used 2026-11-21T11:23Z", "never used"])
            #expect(known.map { $0[2] } == ["Phone", "Kiosk"])
            #expect(
                known.map { $0[3] }
                    == ["writer of all that alice may use", "reader of http/contacts/default"]
            )
            #expect(known.map { $0[5] == "never ends" } == [true, false])
        }
    }

    @Test func `a password that is made is told as one JSON object`() throws {
        try withServer { server throws in
            let text = try Self.add(server, "--name", "Phone", "--json")

            let made = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
            )
            #expect(made["id"] == (try Self.list(server).first?["id"] as? String))
            #expect(made["password"]?.isEmpty == false)
        }
    }

    @Test func `the last use is known once the gateway has ended`() throws {
        try withServer { server throws in
            let phone = ("alice", try Self.add(server, "--name", "Phone"))
            try eventually { try server.request("GET", Self.book, user: phone).status == 200 }

            #expect(server.stopGateway() == 0)

            let use = try #require(try Self.list(server).first?["lastUse"] as? String)
            #expect(use.hasPrefix("20"), "\(use)")
            #expect(use.hasSuffix("Z"))
        }
    }

    @Test func `revoking ends a password within a tenth of a second, under load`() throws {
        try withServer { server throws in
            let phone = ("alice", try Self.add(server, "--name", "Phone"))
            try eventually { try server.request("GET", Self.book, user: phone).status == 200 }
            let isOver = Mutex(false)
            let statuses = Mutex<[(ContinuousClock.Instant, Int)]>([])
            let threads = DispatchGroup()
            let port = server.port
            for _ in 0..<4 {
                threads.enter()
                Foundation.Thread.detachNewThread {
                    defer { threads.leave() }
                    // A connection that breaks ends its thread: the counts below then show it.
                    guard let connection = try? HTTPConnection(port: port) else { return }
                    let bytes = TestServer.head("GET", Self.book, [:], nil, phone, "localhost")
                    while !isOver.withLock({ $0 }) {
                        let start = ContinuousClock.now
                        guard (try? connection.send(bytes)) != nil,
                            let answer = try? connection.readAnswer()
                        else { return }
                        statuses.withLock { $0.append((start, answer.status)) }
                        if answer.status == 429 { usleep(1_000) }
                    }
                }
            }
            usleep(300_000)

            #expect(try server.control("app-password", "revoke", "alice", "Phone").status == 0)
            let revoked = ContinuousClock.now
            usleep(500_000)
            isOver.withLock { $0 = true }
            threads.wait()

            let all = statuses.withLock { $0 }
            let late = all.filter { $0.0 > revoked + .milliseconds(100) }
            #expect(all.contains { $0.1 == 200 }, "\(Set(all.map(\.1)))")
            #expect(late.count > 10)
            #expect(late.allSatisfy { $0.1 == 401 || $0.1 == 429 })
        }
    }

    @Test func `what cannot be done is said, and changes nothing`() throws {
        try withServer { server throws in
            _ = try Self.add(server, "--name", "Phone")
            _ = try Self.add(server, "--name", "Other")
            // By hand two may have one name.
            let twins = try server.text(of: "users.toml").replacing("\"Other\"", with: "\"Phone\"")
            try server.write(twins, to: "users.toml")
            let before = try server.text(of: "users.toml")

            for (arguments, status): ([String], Int32) in [
                (["add", "nobody", "--name", "x"], 1), (["add", "alice", "--name", ""], 64),
                (["add", "alice", "--name", "Phone"], 1),
                (["add", "alice", "--name", "x", "--instance", "none"], 1),
                (["add", "alice", "--name", "x", "--book", "b"], 64),
                (["add", "alice", "--name", "x", "--expires", "1y"], 64),
                (["revoke", "alice", "Phone"], 1), (["revoke", "alice", "none"], 1),
                (["revoke", "nobody", "Phone"], 1), (["list", "nobody"], 1),
            ] {
                let result = try Programs.run(
                    "contactsctl",
                    ["app-password"] + arguments + ["--config", server.folder.path]
                )
                #expect(result.status == status, "\(arguments): \(result.errors)")
                #expect(!result.errors.isEmpty)
            }

            #expect(try server.text(of: "users.toml") == before)
        }
    }

    @Test func `RFC 5397 §3: without credentials a book that a rule opens is read, by nobody`()
        throws
    {
        try withServer { server throws in
            let users = try server.text(of: "users.toml")
            try server.write(
                users + "\n[anonymous.access]\n\"http/contacts/default/default\" = \"reader\"\n",
                to: "users.toml"
            )
            func ask(_ method: String, _ path: String) throws -> HTTPAnswer {
                let body = """
                    <D:propfind xmlns:D="DAV:"><D:prop><D:current-user-principal/>\
                    </D:prop></D:propfind>
                    """
                return try server.request(
                    method,
                    path,
                    ["Depth": "0"],
                    body: method == "PROPFIND" ? body : nil,
                    user: nil
                )
            }
            try eventually { try ask("GET", Self.book).status == 200 }

            let answer = try ask("PROPFIND", Self.book)

            #expect(answer.status == 207)
            #expect(answer.text.contains("unauthenticated"))
            #expect(!answer.text.contains("principals/me"))
            #expect(try ask("PROPFIND", "/dav/").status == 401)
            #expect(try ask("DELETE", Self.book).status == 401)
        }
    }

    @Test func `a password for one book opens that book alone`() throws {
        try withServer { server throws in
            #expect(try server.request("MKCOL", "/dav/addressbooks/work/").status == 201)
            let phone = (
                "alice",
                try Self.add(
                    server,
                    "--name",
                    "P",
                    "--instance",
                    "default",
                    "--book",
                    "work",
                    "--read-only"
                )
            )
            func status(_ method: String, _ path: String) throws -> Int {
                try server.request(
                    method,
                    path,
                    body: method == "PUT" ? TestCard.text("A", uid: "1") : nil,
                    user: phone
                ).status
            }
            try eventually { try status("GET", "/dav/addressbooks/work/") == 200 }

            #expect(try status("GET", Self.book) == 404)
            #expect(try status("PUT", "/dav/addressbooks/work/a.vcf") == 403)
        }
    }
}
