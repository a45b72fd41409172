import TestSupport
import Testing

extension UnderSystemd {
    @Suite struct GatewayRestartTests {
        private let rounds = Effort.of(short: 5, long: 100)

        @Test func `a gateway that is restarted under load fails no request`() throws {
            try withMachine { machine in
                let (own, other) = try Callers.calling(machine, ["alpha", "beta"]) { crew in
                    for _ in 0..<rounds {
                        try machine.shell("systemctl restart frontend-http")
                        try crew.wait(for: crew.done + 40)
                    }
                }

                Effort.report("\(rounds) restarts of the gateway: \(own); the other: \(other)")
                for tally in [own, other] {
                    try #require(tally.failures.isEmpty, "\(tally.failures.prefix(5))")
                    try #require(tally.lost.isEmpty, "\(tally.lost)")
                }
            }
        }
    }
}
