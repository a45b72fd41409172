import ArgumentParser
import Glibc

/// Has the operator say that something is meant which cannot be taken back at once.
struct Confirmation: ParsableArguments {
    @Flag(help: "Do not ask.")
    var yes = false

    /// Asks on the terminal for a name to be typed.
    ///
    /// - Parameters:
    ///   - warning: What is about to be done.
    ///   - name: The name that has to be typed.
    /// - Throws: A `ValidationError` where nobody can be asked, ``CommandFailure`` for another answer.
    func ask(_ warning: String, typing name: String) throws {
        if yes { return }
        guard isatty(STDIN_FILENO) == 1, Terminal.isInteractive else {
            throw ValidationError("\(warning); --yes says that it is meant")
        }
        Terminal.put("\(warning).\nType \(name) to go on: ", STDERR_FILENO)
        guard readLine(strippingNewline: true) == name else {
            throw CommandFailure(message: "nothing was done")
        }
    }
}
