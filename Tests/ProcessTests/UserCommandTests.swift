import Foundation
import TestSupport
import Testing

struct UserCommandTests {
    @Test func `a user who logs in without a password is given one`() throws {
        try withServer { server throws in
            let users = try server.text(of: "users.toml")
            let bob =
                "[users.bob]\npassword_login = false\n[users.bob.access]\n"
                + "\"http/contacts\" = \"reader\"\n"
            try server.write(users + bob, to: "users.toml")

            let given = try server.control("user", "password", "bob", "--generate")
            let kept = try server.text(of: "users.toml")
            try server.write(
                kept.replacing("password_login = false", with: "password_login = true"),
                to: "users.toml"
            )
            server.signalGateway(SIGHUP)

            #expect(given.status == 0)
            #expect(given.errors.contains("done; but bob cannot log in with it"))
            #expect(given.errors.contains("password_login = false"))
            let password = given.output.trimmingCharacters(in: .newlines)
            try eventually {
                try server.request("OPTIONS", "/dav/", user: ("bob", password)).status == 200
            }
        }
    }
}
