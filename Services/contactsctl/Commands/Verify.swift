import AddressBooks
import ArgumentParser

/// `contactsctl verify`: whether a store is whole.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks every object of a store, and that every card can be read."
    )

    @OptionGroup var places: Places

    @Argument(help: "The instance.")
    var instance: String

    func run() throws {
        let store = try places.store(instance)
        let report = store.verify { objects in
            Terminal.progress("\(objects) objects")
        }
        Terminal.endProgress()
        for problem in report.problems { Terminal.complain(problem) }
        Terminal.say(
            "\(report.commits) commits, \(report.objects) objects, \(report.cards) cards, "
                + "\(report.problems.count) problems"
        )
        if !report.problems.isEmpty { throw ExitCode(1) }
    }
}
