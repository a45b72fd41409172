import Foundation
import TestSupport

extension TestServer {
    /// Runs `contactsctl` as a user who owns nothing, where this is root.
    func controlAsNobody(_ arguments: String...) throws -> Programs.Result {
        // The program may lie where that user does not get to; the settings are root's.
        let program = folder.appending(path: "contactsctl").path
        if !FileManager.default.fileExists(atPath: program) {
            try FileManager.default.copyItem(
                atPath: Programs.folder.appending(path: "contactsctl").path,
                toPath: program
            )
        }
        chmod(program, 0o755)
        for path in [folder.path, folder.appending(path: "run").path] { chmod(path, 0o755) }
        chmod(folder.appending(path: "contacts.toml").path, 0o644)
        return try Programs.run(
            "/usr/bin/setpriv",
            ["--reuid=nobody", "--regid=nogroup", "--clear-groups", program] + arguments + places
        )
    }
}
