import TestSupport
import Testing

extension UnderSystemd {
    @Suite struct IdleTests {
        @Test func `an idle backend ends, its socket stays, and the next request starts it`() throws
        {
            try withMachine { machine in
                let unit = "contacts-backend@alpha.service"
                let contacts = "/etc/everlock-contacts/contacts.toml"
                let settings = try machine.shell("cat \(contacts)")
                try machine.write("idle_exit = \"1s\"\n\(settings)\n", to: contacts)
                try machine.shell("systemctl restart \(unit) && systemctl reload frontend-http")
                try #require(machine.request("GET", TestServer.book, to: "alpha").status == 200)

                try machine.wait(for: "ActiveState", of: unit, toBe: "inactive")

                try #require(machine.property("Result", of: unit) == "success")
                let status = try machine.property("StatusText", of: unit)
                try #require(status == "Idle; the next request starts it")
                try #require(
                    machine.property("ActiveState", of: "contacts-backend@alpha.socket") == "active"
                )
                try #require(machine.request("GET", TestServer.book, to: "alpha").status == 200)
                try #require(machine.property("ActiveState", of: unit) == "active")
            }
        }

        @Test func `a backend that ends whenever it is idle fails no request`() throws {
            try withMachine { machine in
                let contacts = "/etc/everlock-contacts/contacts.toml"
                let settings = try machine.shell("cat \(contacts)")
                try machine.write("idle_exit = \"1s\"\n\(settings)\n", to: contacts)
                try machine.shell("systemctl restart contacts-backend@alpha.service")

                // Around the moment at which it ends.
                for pause in 0..<Effort.of(short: 6, long: 40) {
                    try machine.shell("sleep \(0.9 + Double(pause % 8) * 0.05)")
                    let answer = try machine.request("GET", TestServer.book, to: "alpha")
                    try #require(answer.status == 200, "\(answer.text)")
                }

                let socket = try machine.property(
                    "ActiveState",
                    of: "contacts-backend@alpha.socket"
                )
                try #require(socket == "active")
            }
        }
    }
}
