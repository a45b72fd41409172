import AddressBooks
import ArgumentParser
import Framing
import Operating

/// `contactsctl checkpoint`: before `git` is used on a store.
struct Checkpoint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts everything that is stored into git's own files, now.",
        discussion: """
            A change is on disk when its client is answered; git sees it some seconds later. After \
            this command git log, git clone and the like see all of it. The instance may be running \
            or not.

            EXAMPLES
              contactsctl checkpoint default && git -C STORE log --stat
            """
    )

    @OptionGroup var places: Places

    @Argument(help: "The instance.", completion: Completion.instances)
    var instance: String

    func run() throws {
        switch try places.reach(instance, for: .verify) {
        case .free(let store):
            defer { store.close() }
            try store.checkpoint()
        case .running(let backend):
            try backend.begin(OperatorTarget.checkpoint, instance)
            try backend.end()
            let head = try backend.answer()
            guard head.status == 204 else { throw CommandFailure(message: try backend.text()) }
        case .absent: throw CommandFailure(message: StoreAccess.absence(of: instance))
        }
    }
}
