import AddressBooks
import ArgumentParser
import Framing

/// `contactsctl checkpoint`: before `git` is used on a store.
struct Checkpoint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts everything that is stored into git's own files, now.",
        discussion: """
            A change is on disk when its client is answered; git sees it some seconds later. After \
            this command git log, git clone and the like see all of it. The instance may be running \
            or not.
            """
    )

    @OptionGroup var places: Places

    @Option(help: "The folder with the sockets of running backends.")
    var runtime = "/run/everlock-contacts"

    @Argument(help: "The instance.")
    var instance: String

    func run() throws {
        _ = try places.instance(instance)
        let socket = "\(runtime)/\(instance).sock"
        let answer = try BackendCall.post(OperatorTarget.checkpoint, to: instance, at: socket)
        guard let answer else {
            // Nobody runs it: opening the store and closing it does the same.
            try places.store(instance).close()
            return
        }
        guard answer.status == 204 else { throw CommandFailure(message: answer.text) }
    }
}
