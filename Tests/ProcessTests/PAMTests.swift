import Foundation
import TestSupport
import Testing

/// Passwords that PAM checks, with the real programs.
@Suite(.timeLimit(.minutes(10)))
struct PAMTests {
    private static let service = "auth required pam_permit.so\naccount required pam_permit.so\n"

    @Test func `a user who is added with --pam logs in by PAM once gateway.toml names a service`()
        throws
    {
        try withServer { server throws in
            func checks() throws -> [Programs.Result] {
                let places = ["--config", server.folder.path]
                return [
                    try Programs.run("frontend-http", places + ["--check"]),
                    try server.control("check"),
                ]
            }
            func status() throws -> Int {
                try server.request("PROPFIND", "/dav/", ["Depth": "0"], user: ("carol", "any"))
                    .status
            }
            let added = try server.control(
                "user",
                "add",
                "carol",
                "--pam",
                "--instance",
                "default"
            )
            #expect(added.status == 0, "\(added.errors)")
            #expect(added.errors.hasPrefix("contactsctl: done; but carol cannot log in until"))
            for check in try checks() {
                #expect(check.status == 78)
                #expect(check.errors.contains("users.carol.password: is left to PAM"))
            }
            try eventually { try status() == 503 }

            try server.write(
                "[pam]\nservice = \"contacts\"\nfolder = \"\(server.folder.path)\"\n",
                to: "gateway.toml"
            )
            for check in try checks() {
                #expect(check.status == 78)
                #expect(check.errors.contains("gateway.toml: pam.service: there is no file"))
            }

            try server.write(Self.service, to: "contacts")
            for check in try checks() { #expect(check.status == 0, "\(check.errors)") }
            #expect(try server.control("user", "password", "carol", "--pam").errors == "")
            server.signalGateway(SIGHUP)
            try eventually { try status() == 207 }
        }
    }

    @Test func `a user's password goes to PAM and comes back, and the options exclude each other`()
        throws
    {
        try withServer { server throws in
            func kept() throws -> String? {
                try server.text(of: "users.toml").split(separator: "\n")
                    .drop { $0 != "[users.carol]" }.first { $0.hasPrefix("password = ") }.map(
                        String.init
                    )
            }
            #expect(try server.control("user", "add", "carol", "--generate").status == 0)

            let left = try server.control("user", "password", "carol", "--pam", "--json")
            #expect(left.output == "{\"name\":\"carol\",\"password\":null}\n")
            #expect(try kept() == "password = \"pam\"")

            #expect(try server.control("user", "password", "carol", "--generate").status == 0)
            #expect(try kept()?.hasPrefix("password = \"$y$") == true)
            #expect(try server.control("user", "add", "dora", "--pam", "--generate").status == 64)
        }
    }

    @Test func `the gateway starts without the service's file, and ends while PAM hangs`() throws {
        try withServer { server throws in
            let settings = """
                [times]
                drain = "1s"
                [pam]
                service = "contacts"
                folder = "\(server.folder.path)"

                """
            try server.write(settings, to: "gateway.toml")
            try server.write("[users.carol]\npassword = \"pam\"\n", to: "users.toml")
        } _: { server throws in
            let early = try HTTPConnection(port: server.port)
            func ask(_ connection: HTTPConnection) throws {
                try connection.send(
                    TestServer.head("GET", "/dav/", [:], nil, ("carol", "any"), "contacts.test")
                )
            }
            try ask(early)
            #expect(try early.readAnswer().status == 503)

            let folder = server.folder.path
            let program =
                "touch \(folder)/called; while [ -e \(folder)/hold ]; do sleep 0.1; done\n"
            try server.write(program, to: "program")
            try server.write("", to: "hold")
            defer { unlink("\(folder)/hold") }
            let line = "auth required pam_exec.so /bin/sh \(folder)/program\n"
            try server.write(line, to: "contacts")
            let connection = try HTTPConnection(port: server.port)
            try ask(connection)
            try eventually { access("\(folder)/called", F_OK) == 0 }

            server.signalGateway(SIGTERM)
            try eventually { kill(server.gatewayID, 0) != 0 }
            #expect(server.stopGateway() == 0)
        }
    }
}
