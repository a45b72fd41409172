import Foundation
import TestSupport
import Testing

/// Certificates on the disk, and the gateway that serves them.
@Suite(.timeLimit(.minutes(10)))
struct CertificateTests {
    private static func prepare(_ server: TestServer) throws {
        try TestCertificate.make(["localhost"], in: server.folder)
        try server.write(TestCertificate.settings("server"), to: "gateway.toml")
        server.listensSecurely = true
    }

    /// The serial number of what the gateway shows.
    private static func shown(_ server: TestServer) throws -> String {
        let text = try Programs.run(
            "/usr/bin/openssl",
            ["s_client", "-connect", "127.0.0.1:\(server.securePort)", "-servername", "localhost"]
        ).output
        return try Programs.run(
            "/usr/bin/openssl",
            ["x509", "-noout", "-serial"],
            input: text
        ).output
    }

    /// Requests one after the other on connections of their own and on kept ones, until told to stop.
    private static func load(_ server: TestServer, until stop: URL) throws -> Process {
        let script = """
            while [ ! -e "\(stop.path)" ]; do
                curl -sS -k --max-time 20 -o /dev/null -o /dev/null -w '%{http_code}\\n' \
                    https://localhost:\(server.securePort)/ https://localhost:\(server.securePort)/ || echo failed
            done
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        let log = server.folder.appending(path: "load.log")
        try Data().write(to: log)
        process.standardOutput = try FileHandle(forWritingTo: log)
        try process.run()
        return process
    }

    @Test
    func `another certificate takes the place of the old one under load, and nobody is refused`()
        throws
    {
        try withServer(prepare: Self.prepare) { server throws in
            let first = try Self.shown(server)
            let stop = server.folder.appending(path: "stop")
            let load = try Self.load(server, until: stop)
            // Looked at by itself.
            try TestCertificate.make(["localhost"], in: server.folder)
            try eventually { try Self.shown(server) != first }
            let second = try Self.shown(server)
            // And when told to.
            try TestCertificate.make(["localhost"], in: server.folder)
            server.signalGateway(SIGHUP)
            try eventually { try Self.shown(server) != second }
            try Data().write(to: stop)
            load.waitUntilExit()
            let codes = try server.text(of: "load.log").split(separator: "\n")

            #expect(codes.count > 4)
            #expect(codes.allSatisfy { $0 == "301" }, "\(Set(codes))")
        }
    }

    @Test func `a bad certificate leaves the old one in force, and the log says so`() throws {
        try withServer(prepare: Self.prepare) { server throws in
            let first = try Self.shown(server)
            try server.write("nonsense", to: "server.pem")
            try eventually { try server.text(of: "gateway.log").contains("the old one stays") }

            #expect(try Self.shown(server) == first)
            #expect(try server.text(of: "gateway.log").contains("server.pem cannot be read"))

            server.signalGateway(SIGHUP)
            try eventually { try server.text(of: "gateway.log").contains("the old ones stay") }
            #expect(try Self.shown(server) == first)

            try TestCertificate.make(["localhost"], in: server.folder)
            try eventually { try Self.shown(server) != first }
        }
    }

    @Test func `--check names every error of each file, not only the first`() throws {
        try withServer { server throws in
            try server.write(
                "colour = 1\n[instances.a]\nvhosts = 3\n[instances.b]\nspeed = 2\nvhosts = [\"b\"]\n",
                to: "contacts.toml"
            )
            try server.write(
                "[users.a]\npassword = \"x\"\nwhat = 1\n[users.b]\npassword = \"y\"\n"
                    + "[users.b.access]\n\"http/contacts\" = \"boss\"\n",
                to: "users.toml"
            )
            try server.write(
                "[times]\nstall = \"long\"\nwhat = 1\n[oauth.scopes]\nr = \"king\"\n"
                    + "[oauth.issuers.a]\nissuer = \"i\"\naudience = \"a\"\nkeys = \"/k\"\n"
                    + "[limits]\nhead = \"1\"\n",
                to: "gateway.toml"
            )
            let check = try Programs.run(
                "frontend-http",
                ["--config", server.folder.path, "--check"]
            )

            #expect(check.status == 78)
            for part in [
                "contacts.toml:1: colour", "contacts.toml:3: instances.a.vhosts",
                "contacts.toml:5: instances.b.speed", "users.toml:1: users.a.password",
                "users.toml:3: users.a.what", "users.toml:4: users.b.password",
                "users.toml:7: users.b.access", "gateway.toml:2: times.stall",
                "gateway.toml:3: times.what", "gateway.toml:5: oauth.scopes.r",
                "gateway.toml:11: limits.head",
            ] {
                #expect(check.errors.contains(part), "\(part) in \(check.errors)")
            }
        }
    }

    @Test func `--check names everything that is wrong`() throws {
        try withServer(instances: [("default", "other.example")]) { server throws in
            func check() throws -> Programs.Result {
                try Programs.run("frontend-http", ["--config", server.folder.path, "--check"])
            }
            #expect(try check().status == 0)

            try TestCertificate.make(["localhost"], as: "a", in: server.folder)
            try TestCertificate.make(["localhost"], as: "b", in: server.folder)
            try server.write(TestCertificate.settings("a"), to: "gateway.toml")
            let bare = try check()
            #expect(bare.status == 0)
            #expect(bare.errors.contains("warning: other.example: no certificate names this host"))

            try server.write(
                TestCertificate.settings("a", "nowhere")
                    + "[[certificate]]\nchain = \"a.pem\"\nkey = \"b.key\"\n",
                to: "gateway.toml"
            )
            try server.write(
                "[instances.default]\nvhosts = [\"a\"]\nport = 1\n",
                to: "contacts.toml"
            )
            try server.write("[users.alice]\npassword = \"x\"\n", to: "users.toml")
            let wrong = try check()
            #expect(wrong.status == 78)
            for part in [
                "contacts.toml:3: ", "users.toml:1: users.alice.password",
                "gateway.toml:5: certificate",
                "nowhere.pem cannot be read", "No such file", "gateway.toml:8: certificate",
                "b.key does not belong to the certificate",
            ] {
                #expect(wrong.errors.contains(part), "\(part) in \(wrong.errors)")
            }
        }
    }

    @Test func `https without a certificate does not start`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("[instances.default]\nvhosts = [\"*\"]\n".utf8)
            .write(to: folder.appending(path: "contacts.toml"))
        try Data().write(to: folder.appending(path: "users.toml"))
        let run = try Programs.run(
            "frontend-http",
            ["--config", folder.path, "--listen-tls", "127.0.0.1:0"]
        )
        try FileManager.default.removeItem(at: folder)

        #expect(run.status == 78)
        #expect(run.errors.contains("write [[certificate]]"))
    }
}
