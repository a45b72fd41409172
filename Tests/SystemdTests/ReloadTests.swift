import TestSupport
import Testing

extension UnderSystemd {
    @Suite struct ReloadTests {
        private let contacts = "/etc/everlock-contacts/contacts.toml"

        @Test func `a reload takes a new host up, without another process`() throws {
            try withMachine { machine in
                let process = try machine.property("MainPID", of: "frontend-http.service")
                let settings = try machine.shell("cat \(contacts)")
                try machine.write(
                    settings.replacing("[\"beta.test\"]", with: "[\"beta.test\", \"gamma.test\"]"),
                    to: contacts
                )
                try #require(machine.request("GET", TestServer.book, to: "gamma").status == 421)

                try machine.shell("systemctl reload frontend-http")

                try eventually {
                    try machine.request("GET", TestServer.book, to: "gamma").status == 200
                }
                try #require(machine.property("MainPID", of: "frontend-http.service") == process)
            }
        }

        @Test func `a reload of a file with an error fails, says where, and changes nothing`()
            throws
        {
            try withMachine { machine in
                let settings = try machine.shell("cat \(contacts)")
                try machine.write("\(settings)\nvhost = 1\n", to: contacts)

                let reload = try machine.run("systemctl", "reload", "frontend-http")

                try #require(reload.status != 0)
                let journal = try machine.shell(
                    "journalctl --sync; journalctl --output=cat --unit=frontend-http"
                )
                try #require(journal.contains("\(contacts):"))
                try #require(
                    machine.property("ActiveState", of: "frontend-http.service") == "active"
                )
                try #require(machine.request("GET", TestServer.book, to: "alpha").status == 200)

                try machine.write(settings, to: contacts)
                try machine.shell("systemctl reload frontend-http")
            }
        }

        @Test(arguments: ["frontend-http.service", "contacts-backend@alpha.service"])
        func `the status tells of a file that was refused, until one is taken`(
            _ unit: String
        ) throws {
            try withMachine { machine in
                let settings = try machine.shell("cat \(contacts)")
                try machine.write("\(settings)\nvhost = 1\n", to: contacts)

                let reload = try machine.run("systemctl", "reload", unit)

                try #require(reload.status != 0)
                let refused = try machine.property("StatusText", of: unit)
                try #require(refused.contains("not read again"), "\(refused)")
                try #require(machine.property("ActiveState", of: unit) == "active")

                try machine.write(settings, to: contacts)
                try machine.shell("systemctl reload \(unit)")
                try eventually {
                    try !machine.property("StatusText", of: unit).contains("not read again")
                }
                let taken = try machine.property("StatusText", of: unit)
                try #require(!taken.contains("not read again"), "\(taken)")
                try #require(machine.property("NRestarts", of: unit) == "0")
            }
        }
    }
}
