import ArgumentParser
import Settings

/// `contactsctl status`: the gateway and each instance on one page.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how the gateway and each instance are doing.",
        discussion: """
            A backend that is idle is not started by this. What a backend tells of itself is asked on \
            its socket, which only root and the backend's own user may do. The exit status is 1 where \
            a running backend cannot be asked.

            EXAMPLES
              contactsctl status

            JSON
              {"gateway": {"state": text or null, "pid": number or null, "status": text or null},
               "instances": [as of instance status]}
            """
    )

    @OptionGroup var places: Places

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let gateway = GatewayState()
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
        if instances.contains(where: { $0.trouble != nil }) { throw ExitCode(1) }
    }
}
