import ArgumentParser
import Settings

/// `contactsctl status`: the gateway and each instance on one page.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how the gateway and each instance are doing.",
        discussion: """
            A backend that is idle is not started by this. What a backend tells of itself is asked on \
            its socket, where root and the backend's own user are answered; in an installation root \
            alone gets there. The gateway is asked for at systemd. The exit status is 1 where a \
            running backend cannot be asked, where it is unknown whether one runs, and where the \
            gateway's unit neither runs nor has a socket open; one that systemd starts again and again \
            does not run.

            EXAMPLES
              contactsctl status

            JSON
              {"gateway": {"state": text or null, "pid": number or null, "status": text or null,
                           "result": text or null, "restarts": number or null,
                           "trouble": text or null},
               "instances": [as of instance status]}
            """
    )

    @OptionGroup var places: Places

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let gateway = GatewayState(of: places)
        let instances = try places.contacts().instances.map { InstanceState($0, places) }
        if json {
            Terminal.say(
                JSON.encode(
                    .members([
                        "gateway": gateway.json, "instances": .list(instances.map(\.json)),
                    ])
                )
            )
        } else {
            Terminal.say(([gateway.text] + instances.map(\.text)).joined(separator: "\n\n"))
        }
        let isWell = gateway.trouble == nil && instances.allSatisfy { $0.trouble == nil }
        if !isWell { throw ExitCode(1) }
    }
}
