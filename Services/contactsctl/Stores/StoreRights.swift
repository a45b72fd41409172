import Glibc

/// Whoever may not get to a store, or to its backend's socket, and what helps.
enum StoreRights {
    /// Why something could not be done, as `errno` has it.
    static func failure(_ verb: String, _ path: String) -> CommandFailure {
        let code = errno
        let reason = FileBytes.failure(verb, path)
        guard code == EACCES else { return reason }
        // An installation's sockets let the instance's own user in as little as anybody else.
        let isInstalled = [Places.installedRuntime, Places.installedState]
            .contains { path.hasPrefix("\($0)/") }
        let remedy = isInstalled ? "run this as root" : "run this as root or as the backend's user"
        return CommandFailure(message: "\(reason.message); \(remedy)")
    }
}
