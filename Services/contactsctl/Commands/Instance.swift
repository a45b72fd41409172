import ArgumentParser
import Settings

/// `contactsctl instance`: the instances of `contacts.toml`.
struct Instance: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists, adds and removes instances, and says how they are doing.",
        subcommands: [List.self, Status.self, Add.self, Remove.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists instances, their stores, their hosts and whether they run.",
            discussion: """
                Whether an instance runs is told by its store, which only its own user and root may \
                look into: to others it is unknown, and the exit status 1.

                EXAMPLES
                  contactsctl instance list

                JSON
                  [{"name": text, "store": text, "vhosts": [text, …],
                    "state": "running", "idle", "stopped" or "unknown"}, …]
                """
        )

        @OptionGroup var places: Places

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let states = try places.contacts().instances.map { instance in
                (instance, InstanceState.activity(of: instance, places))
            }
            if json {
                let rows = states.map { instance, state -> JSON.Value in
                    .members([
                        "name": .text(instance.name),
                        "store": .text(instance.storePath(state: places.state)),
                        "vhosts": .texts(instance.vhosts),
                        "state": .text(state.activity.rawValue),
                    ])
                }
                Terminal.say(JSON.lines(rows))
            } else {
                for (instance, state) in states {
                    Terminal.say(
                        "\(instance.name)\t\(instance.storePath(state: places.state))\t"
                            + instance.vhosts.joined(separator: " ")
                            + "\t\(state.activity.rawValue)"
                    )
                }
            }
            let troubles = states.compactMap(\.1.trouble)
            for trouble in troubles { Terminal.complain(trouble) }
            if !troubles.isEmpty { throw ExitCode(1) }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says how an instance is doing, or each.",
            discussion: """
                A backend that is idle is not started by this. The exit status is 1 where a running \
                backend cannot be asked, and where it is unknown whether one runs, to whoever may not \
                look into the store.

                EXAMPLES
                  contactsctl instance status default

                JSON
                  [{"name": text, "store": text, "vhosts": [text, …],
                    "state": "running", "idle", "stopped" or "unknown", "pid": number,
                    "requests": number, "failed": number, "connections": number,
                    "books": number, "cards": number, "residentBytes": number,
                    "idleSeconds": number, "version": text, "started": RFC 3339,
                    "lastCommit": text, "lastCommitTime": RFC 3339, "trouble": text}, …]
                  What is not known, as of an instance that does not run, is null.
                """
        )

        @OptionGroup var places: Places

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(help: "The instance; each without it.", completion: Completion.instances)
        var instance: String?

        func run() throws {
            let wanted = try instance.map { [try places.instance($0)] }
            let instances = try wanted ?? places.contacts().instances
            let states = instances.map { InstanceState($0, places) }
            if json {
                Terminal.say(JSON.lines(states.map(\.json)))
            } else {
                Terminal.say(states.map(\.text).joined(separator: "\n\n"))
            }
            if states.contains(where: { $0.trouble != nil }) { throw ExitCode(1) }
        }
    }
}
