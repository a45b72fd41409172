import AddressBooks
import ArgumentParser
import Operating
import Supervision

/// `contactsctl verify`: whether a store is whole.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks every object of a store, its index, and that every card can be read.",
        discussion: """
            Reads every object that the history reaches and compares it with its id; compares what \
            the store has derived from the history with what follows from it; reads every card of \
            today. The instance may be running or not; clients are served meanwhile. Each thing that \
            is wrong is named, and the exit status is 1.

            EXAMPLES
              contactsctl verify default

            JSON
              {"instance": text, "commits": number, "objects": number, "cards": number,
               "problems": [text, …]}
            """
    )

    @OptionGroup var places: Places

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: "The instance.", completion: Completion.instances)
    var instance: String

    func run() throws {
        var problems: [String] = []
        var report = StoreReport(commits: 0, objects: 0, cards: 0)
        var bar = ProgressBar("objects")
        try places.perform(.verify, on: instance) { reply in
            switch reply {
            case .progress(let objects): bar.show(objects)
            case .problem(let text): problems.append(text)
            case .verified(let counts): report = counts
            default: break
            }
        }
        bar.end()
        if json {
            Terminal.say(
                JSON.encode(
                    .members([
                        "instance": .text(instance), "commits": .number(report.commits),
                        "objects": .number(report.objects), "cards": .number(report.cards),
                        "problems": .texts(problems),
                    ])
                )
            )
        } else {
            for problem in problems { Terminal.complain(problem) }
            Terminal.say(
                [
                    StatusText.count(report.commits, "commit"),
                    StatusText.count(report.objects, "object"),
                    StatusText.count(report.cards, "card"),
                    StatusText.count(problems.count, "problem"),
                ].joined(separator: ", ")
            )
        }
        if !problems.isEmpty { throw ExitCode(1) }
    }
}
