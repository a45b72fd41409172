import ArgumentParser
import Logging
import Settings

/// `--check`: what is wrong with the settings, all files of them.
struct SettingsCheck {
    let folder: String
    let log: Logger

    /// Says what is wrong, a line for each file or certificate.
    ///
    /// - Throws: `ExitCode(78)` where the gateway would not start, or not as it should.
    func run(say: (String) -> Void) throws {
        var problems: [String] = []
        let contacts = taking(&problems) { () throws(SettingsError) in
            try ContactsSettings.load(path: path(ContactsSettings.fileName))
        }
        let users = taking(&problems) { () throws(SettingsError) in
            let users = path(UsersFile.fileName)
            let file = try UsersFile.load(path: users)
            _ = try UserDirectory(file, path: users)
            return file
        }
        let gateway = taking(&problems) { () throws(SettingsError) in
            try GatewaySettings.load(path: path(GatewaySettings.fileName))
        }
        if let gateway {
            _ = taking(&problems) { () throws(SettingsError) in
                try users?.check(gateway.pam, file: path(UsersFile.fileName))
            }
            _ = taking(&problems) { () throws(SettingsError) in
                try gateway.pam.check(file: path(GatewaySettings.fileName))
            }
        }
        var warnings: [String] = []
        if let gateway {
            let certificates = CertificateStore(folder: folder, log: log)
            problems += certificates.load(gateway, file: path(GatewaySettings.fileName))
                .map(\.description)
            let hosts = contacts.map { Vhosts($0).hosts } ?? []
            let found = certificates.warnings(hosts: hosts)
            problems += found.invalid
            warnings += found.bareHosts
        }
        for problem in problems { say(problem) }
        for warning in warnings { say("warning: \(warning)") }
        if !problems.isEmpty { throw ExitCode(78) }
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    private func taking<Value>(
        _ problems: inout [String],
        _ read: () throws(SettingsError) -> Value
    ) -> Value? {
        do throws(SettingsError) {
            return try read()
        } catch {
            problems.append(error.description)
            return nil
        }
    }
}
