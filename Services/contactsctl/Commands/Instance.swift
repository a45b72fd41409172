import ArgumentParser
import Settings

/// `contactsctl instance`: the instances of `contacts.toml`.
struct Instance: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists instances.",
        subcommands: [List.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists instances, their stores and their hosts."
        )

        @OptionGroup var places: Places

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let instances = try places.contacts().instances
            if json {
                return Terminal.say(
                    JSON.lines(
                        instances.map { instance in
                            [
                                ("name", .text(instance.name)),
                                ("store", .text(instance.storePath(state: places.state))),
                                ("vhosts", .texts(instance.vhosts)),
                            ]
                        }
                    )
                )
            }
            for instance in instances {
                Terminal.say(
                    "\(instance.name)\t\(instance.storePath(state: places.state))\t"
                        + instance.vhosts.joined(separator: " ")
                )
            }
        }
    }
}
