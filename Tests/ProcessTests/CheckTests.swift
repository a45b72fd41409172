import Foundation
import TestSupport
import Testing

/// `contactsctl check` on settings with something wrong.
struct CheckTests {
    @Test func `the files of a certificate that are not there are named by file and line`() throws {
        try withServer { server throws in
            try TestCertificate.make(["a.example"], as: "a", in: server.folder)
            try server.write(TestCertificate.settings("a"), to: "gateway.toml")
            let sound = try server.control("check")
            let folder = server.folder.path
            try FileManager.default.removeItem(atPath: "\(folder)/a.key")
            try FileManager.default.removeItem(atPath: "\(folder)/a.pem")
            try FileManager.default.createDirectory(
                atPath: "\(folder)/a.pem",
                withIntermediateDirectories: false
            )

            let check = try server.control("check")

            #expect(sound.status == 0, "\(sound.errors)")
            #expect(check.status == 78)
            #expect(check.output.hasPrefix("1 instance and 2 users, 2 errors"), "\(check.output)")
            let place = "\(folder)/gateway.toml:2: certificate"
            #expect(check.errors.contains("\(place).key: \(folder)/a.key cannot be read: No such"))
            #expect(check.errors.contains("\(place).chain: \(folder)/a.pem cannot be read: Is a"))
        }
    }

    @Test func `a host for web pages that no instance has is a warning`() throws {
        try withServer(instances: [("default", "*.example.com")]) { server throws in
            let hosts = ["a.example.com", "*.example.com", "example.com", "b.a.example.com", "*"]
            let sections = hosts.map { "[cors.\"\($0)\"]\norigins = [\"*\"]\n" }
            try server.write(sections.joined(), to: "gateway.toml")

            let places = ["--config", server.folder.path, "--check"]
            for check in [
                try server.control("check"), try Programs.run("frontend-http", places),
            ] {
                #expect(check.status == 0, "\(check.errors)")
                let told = check.errors.split(separator: "\n").filter { $0.contains("cors") }
                let file = "\(server.folder.path)/gateway.toml"
                #expect(told.count == 2, "\(told)")
                for (host, line) in [("example.com", 5), ("b.a.example.com", 7)] {
                    let warning = "warning: \(file):\(line): cors.\"\(host)\": no instance has "
                    #expect(told.contains { $0.contains(warning) }, "\(told)")
                }
            }
        }
    }

    /// Has the program find a gateway's user who is in the group 54322.
    private static func checkWithGateway(_ server: TestServer) throws -> Programs.Result {
        let user = "everlock-gateway:x:54321:54321::/:/bin/false\n"
        let group = "certificates:x:54322:everlock-gateway\n"
        for (name, line) in [("passwd", user), ("group", group)] {
            let own = try String(contentsOfFile: "/etc/\(name)", encoding: .utf8)
            try server.write("\(own)\(line)", to: name)
        }
        let script = """
            cd \(server.folder.path) && mount --bind passwd /etc/passwd \
            && mount --bind group /etc/group && exec "$@"
            """
        let program = Programs.folder.appending(path: "contactsctl").path
        let command = ["-m", "/bin/sh", "-c", script, "sh", program, "check"] + server.places
        return try Programs.run("/usr/bin/unshare", command)
    }

    @Test(.enabled(if: geteuid() == 0))
    func
        `a certificate that is closed to the gateway's user is a warning, one open to a group none`()
        throws
    {
        try withServer { server throws in
            try TestCertificate.make(["a.example"], as: "a", in: server.folder)
            try server.write(TestCertificate.settings("a"), to: "gateway.toml")
            chmod(server.folder.path, 0o755)
            let key = server.folder.appending(path: "a.key").path
            chmod(key, 0o640)

            let closed = try Self.checkWithGateway(server)
            chown(key, 0, 54_322)
            let open = try Self.checkWithGateway(server)

            #expect(closed.status == 0, "\(closed.errors)")
            #expect(closed.errors.contains("\(key) cannot be read by everlock-gateway: Permission"))
            #expect(open.status == 0, "\(open.errors)")
            #expect(!open.errors.contains("cannot be read"), "\(open.errors)")
        }
    }

    @Test func `systemd.exec(5): a credential, which its unit alone sees, is no error`() throws {
        try withServer { server throws in
            try server.write(
                "[[certificate]]\nchain = \"credential:c.pem\"\nkey = \"credential:c.key\"\n",
                to: "gateway.toml"
            )

            let check = try server.control("check")

            #expect(check.status == 0, "\(check.errors)")
        }
    }

    @Test func `rules for an instance that was removed are told then, and a check warns of them`()
        throws
    {
        let instances = [(name: "default", host: "*"), (name: "old", host: "old.example")]
        try withServer(instances: instances) { server throws in
            try server.control("grant", "alice", "old/work", "reader")
            try server.control("grant", "--anonymous", "old", "reader")
            server.stopBackend("old")

            let removed = try server.control("instance", "remove", "old")
            let check = try server.control("check")

            let commands = removed.output.split(separator: "\n")
                .filter { $0.hasPrefix("  contactsctl grant remove ") }
            #expect(
                commands.map { $0.drop { $0 == " " } } == [
                    "contactsctl grant remove alice http/contacts/old/work",
                    "contactsctl grant remove --anonymous http/contacts/old",
                ]
            )
            #expect(check.status == 0, "\(check.errors)")
            #expect(check.errors.contains("there is no instance old; \(commands[0].dropFirst(2))"))
            for command in commands {
                let words = command.split(separator: " ").dropFirst().map(String.init)
                #expect(try Programs.run("contactsctl", words + server.places).status == 0)
            }
            #expect(try !server.control("check").errors.contains("no instance"))
        }
    }
}
