import Glibc
import Settings

/// Who may read and change the files of the settings.
enum FileModes {
    /// What is wrong with the modes of the files.
    static func findings(_ places: Places) -> [Finding] {
        var findings: [Finding] = []
        for path in [places.contactsPath, places.usersPath, places.gatewayPath] {
            guard let status = status(of: path) else { continue }
            if status.st_mode & 0o002 != 0 {
                findings.append(
                    Finding(error(path, "anybody may change it", "chmod o-w \(Shell.quote(path))"))
                )
            }
            // Hashes are secrets: whoever has one can try passwords at leisure.
            if path == places.usersPath, status.st_mode & 0o004 != 0 {
                let remedy = "chmod o-r \(Shell.quote(path))"
                let error = error(path, "anybody may read the password hashes in it", remedy)
                findings.append(Finding(warning: error))
            }
        }
        return findings
    }

    /// What stat(2) says of a file, following links; `nil` where it is not there.
    static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    private static func error(
        _ path: String,
        _ problem: String,
        _ remedy: String
    ) -> SettingsError {
        SettingsError(file: path, problem: problem, remedy: remedy)
    }
}
