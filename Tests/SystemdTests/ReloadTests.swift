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
    }
}
