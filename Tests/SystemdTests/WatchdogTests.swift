import TestSupport
import Testing

extension UnderSystemd {
    @Suite struct WatchdogTests {
        @Test(arguments: ["frontend-http", "contacts-backend@alpha"])
        func `a service that is stuck is started again, and the next request succeeds`(
            _ unit: String
        ) throws {
            try withMachine { machine in
                let service = "\(unit).service"
                try machine.edit(service, "[Service]\nWatchdogSec=2s\n")
                try machine.shell("systemctl restart \(service)")
                try machine.request("GET", TestServer.book, to: "alpha")
                let process = try machine.property("MainPID", of: service)

                try machine.shell("kill -STOP \(process)")

                try eventually { try machine.property("NRestarts", of: service) == "1" }
                try machine.wait(for: "ActiveState", of: service, toBe: "active")
                try #require(machine.property("MainPID", of: service) != process)
                try #require(machine.request("GET", TestServer.book, to: "alpha").status == 200)
                let journal = try machine.shell(
                    "journalctl --sync; journalctl --output=cat --unit=\(service)"
                )
                try #require(journal.contains("Watchdog timeout"))
            }
        }

        @Test func `a service that works is left alone by the watchdog`() throws {
            try withMachine { machine in
                for unit in ["frontend-http.service", "contacts-backend@alpha.service"] {
                    try machine.edit(unit, "[Service]\nWatchdogSec=1s\n")
                    try machine.shell("systemctl restart \(unit)")
                }

                // Four times as long as each of them may be silent.
                try machine.shell("sleep 4")

                for unit in ["frontend-http.service", "contacts-backend@alpha.service"] {
                    try #require(machine.property("NRestarts", of: unit) == "0")
                    try #require(machine.property("ActiveState", of: unit) == "active")
                }
            }
        }
    }
}
