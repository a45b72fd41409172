import TestSupport
import Testing

extension UnderSystemd {
    @Suite struct StartLimitTests {
        private let contacts = "/etc/everlock-contacts/contacts.toml"

        @Test
        func `an instance whose settings were wrong for a while answers once they are mended`()
            throws
        {
            try withMachine { machine in
                let unit = "contacts-backend@alpha.service"
                let settings = try machine.shell("cat \(contacts)")
                try machine.write("\(settings)\nvhost = 1\n", to: contacts)
                try machine.shell("systemctl restart \(unit) || true")

                // More starts than systemd's own limit of five.
                try eventually { Int(try machine.property("NRestarts", of: unit)) ?? 0 >= 7 }
                try #require(machine.request("GET", TestServer.book, to: "beta").status == 200)
                let socket = try machine.property(
                    "ActiveState",
                    of: "contacts-backend@alpha.socket"
                )
                try #require(socket == "active")
                try machine.write(settings, to: contacts)

                try eventually {
                    try machine.request("GET", TestServer.book, to: "alpha").status == 200
                }
            }
        }

        @Test func `restarts by hand, however many, are not refused`() throws {
            try withMachine { machine in
                for _ in 0..<12 {
                    try machine.shell("systemctl restart frontend-http contacts-backend@alpha")
                }
                try #require(machine.request("GET", TestServer.book, to: "alpha").status == 200)
            }
        }
    }
}
