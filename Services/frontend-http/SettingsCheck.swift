import ArgumentParser
import Logging
import Settings

/// `--check`: all that is wrong with the settings, in all files of them.
struct SettingsCheck {
    let folder: String
    let log: Logger

    /// Says what is wrong, a line for each error or warning.
    ///
    /// - Throws: `ExitCode(78)` where the gateway would not start, or not as it should.
    func run(say: (String) -> Void) throws {
        let contacts = SettingsReview(path: path(ContactsSettings.fileName)) {
            (table, file) throws(SettingsError) in try ContactsSettings(table: table, file: file)
        }
        let gateway = SettingsReview(path: path(GatewaySettings.fileName), isOptional: true) {
            (table, file) throws(SettingsError) in try GatewaySettings(table: table, file: file)
        }
        // Where [pam] itself is wrong, nothing else is said of it.
        let isPAMRead = !gateway.errors.contains { $0.key?.hasPrefix("pam") == true }
        let pam = isPAMRead ? gateway.settings?.pam : nil
        var problems = contacts.errors + users(pam) + gateway.errors
        if let oauth = gateway.settings?.oauth, !oauth.issuers.isEmpty {
            _ = TokenVerifier.roles(of: oauth, file: path(GatewaySettings.fileName), &problems)
        }
        note(&problems) { () throws(SettingsError) in
            try pam?.check(file: path(GatewaySettings.fileName))
        }
        var lines = problems.map(\.description)
        var warnings: [String] = []
        // An instance that is spelled wrong is named already, and its hosts are not known.
        if contacts.errors.isEmpty, let instances = contacts.settings {
            let file = path(GatewaySettings.fileName)
            let sections = gateway.settings?.sectionsOfNoHost(in: instances, file: file) ?? []
            warnings += sections.map(\.description)
        }
        if let settings = gateway.settings {
            let certificates = CertificateStore(folder: folder, log: log)
            var troubles: [SettingsError] = []
            let file = path(GatewaySettings.fileName)
            let reading = certificates.read(settings, file: file, &troubles)
            if troubles.isEmpty { certificates.serve(reading) }
            lines += troubles.map(\.description)
            // A host that is spelled wrong is named already, and none is missing without it.
            let hosts = contacts.settings.map { Vhosts($0).hosts } ?? []
            let found = certificates.warnings(hosts: hosts)
            lines += found.invalid
            warnings += found.bareHosts
        }
        for line in lines { say(line) }
        for warning in warnings { say("warning: \(warning)") }
        if !lines.isEmpty { throw ExitCode(78) }
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// What stands in `users.toml` and is no setting, and what is one and not what it is meant to be.
    private func users(_ pam: PAMSettings?) -> [SettingsError] {
        let path = path(UsersFile.fileName)
        let review = SettingsReview(path: path) { (table, file) throws(SettingsError) in
            try UsersFile(table: table, file: file)
        }
        var problems = review.errors
        if let file = review.settings {
            _ = UserDirectory(file, path: path, &problems)
            if let pam {
                note(&problems) { () throws(SettingsError) in try file.check(pam, file: path) }
            }
        }
        return problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
    }

    private func note(
        _ problems: inout [SettingsError],
        _ check: () throws(SettingsError) -> Void
    ) {
        do throws(SettingsError) {
            try check()
        } catch {
            problems.append(error)
        }
    }
}
