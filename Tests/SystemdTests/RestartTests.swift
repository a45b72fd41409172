import TestSupport
import Testing

extension UnderSystemd {
    @Suite struct RestartTests {
        private let rounds = Effort.of(short: 5, long: 100)

        @Test func `an instance that is restarted under load fails no request`() throws {
            try withMachine { machine in
                let (own, other) = try Callers.calling(machine, ["alpha", "beta"]) { crew in
                    for _ in 0..<rounds {
                        try machine.shell("systemctl restart contacts-backend@alpha")
                        try crew.wait(for: crew.done + 40)
                    }
                }

                Effort.report("\(rounds) restarts of an instance: \(own); the other: \(other)")
                try #require(own.failures.isEmpty, "\(own.failures.prefix(5))")
                try #require(other.failures.isEmpty, "\(other.failures.prefix(5))")
                try #require(own.lost.isEmpty && other.lost.isEmpty, "\(own.lost)")
                try #require(machine.property("NRestarts", of: "contacts-backend@alpha") == "0")
            }
        }

        @Test func `an instance that is killed under load loses no write that was acknowledged`()
            throws
        {
            try withMachine { machine in
                let unit = "contacts-backend@alpha.service"
                let (own, other) = try Callers.calling(machine, ["alpha", "beta"]) { crew in
                    for _ in 0..<rounds {
                        let process = try machine.property("MainPID", of: unit)
                        try machine.shell("kill -KILL \(process)")
                        try eventually {
                            try machine.property("ActiveState", of: unit) == "active"
                                && machine.property("MainPID", of: unit) != process
                        }
                        try crew.wait(for: crew.done + 40)
                    }
                }

                Effort.report("\(rounds) kills of an instance: \(own); the other: \(other)")
                try #require(own.lost.isEmpty, "\(own.lost)")
                try #require(other.failures.isEmpty, "\(other.failures.prefix(5))")
                try #require(other.lost.isEmpty, "\(other.lost)")
                try machine.shell("systemctl stop \(unit)")
                let check = try machine.shell(
                    """
                    setpriv --reuid=evl-alpha --regid=evl-alpha --clear-groups --reset-env \
                        git -C /var/lib/everlock-contacts/alpha fsck --strict --full 2>&1
                    """
                )
                try #require(check.isEmpty, "\(check)")
            }
        }
    }
}
