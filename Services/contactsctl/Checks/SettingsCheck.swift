import Access
import Accounts
import Settings

/// All that is wrong with the settings' files, each and together.
struct SettingsCheck {
    let places: Places
    private(set) var findings: [Finding] = []
    private(set) var contacts: ContactsSettings?
    private(set) var users: UsersFile?

    init(_ places: Places) {
        self.places = places
        let contacts = SettingsReview(path: places.contactsPath) {
            (table, file) throws(SettingsError) in try ContactsSettings(table: table, file: file)
        }
        let users = SettingsReview(path: places.usersPath) {
            (table, file) throws(SettingsError) in try UsersFile(table: table, file: file)
        }
        let gateway = SettingsReview(path: places.gatewayPath, isOptional: true) {
            (table, file) throws(SettingsError) in try GatewaySettings(table: table, file: file)
        }
        self.contacts = contacts.settings
        self.users = users.settings
        findings += (contacts.errors + users.errors + gateway.errors).map { Finding($0) }
        // An instance that is spelled wrong is named already; a grant for it is not wrong as well.
        checkUsers(knowsAllInstances: contacts.errors.isEmpty)
        // A section that is spelled wrong is named already.
        if let pam = gateway.settings?.pam,
            !gateway.errors.contains(where: { $0.key?.hasPrefix("pam") == true })
        {
            checkPAM(pam)
        }
        if contacts.errors.isEmpty, let contacts = contacts.settings {
            let sections = gateway.settings?.sectionsOfNoHost(
                in: contacts,
                file: places.gatewayPath
            )
            findings += (sections ?? []).map { Finding(warning: $0) }
        }
        findings += CertificateFileCheck(gateway.settings?.certificates ?? [], places).findings
        if users.errors.isEmpty { checkInstancesHaveUsers() }
        findings += FileModes.findings(places)
        findings += (self.contacts?.instances ?? []).flatMap { InstanceCheck($0, places).findings }
    }

    var errors: Int { findings.count { $0.severity == .error } }
    var warnings: Int { findings.count { $0.severity == .warning } }

    /// What stands in `users.toml` and passes for text, but not for what it is meant to be.
    private mutating func checkUsers(knowsAllInstances: Bool) {
        guard let users else { return }
        for user in users.users { check(user, in: users) }
        var areRulesRead = true
        for holder in users.holders {
            for access in users.access(of: holder) ?? [] {
                if !check(access, of: holder) { areRulesRead = false }
                if knowsAllInstances { checkInstance(of: access, of: holder) }
            }
        }
        guard areRulesRead else { return }
        do throws(SettingsError) {
            _ = try UserRules(users, path: places.usersPath)
        } catch {
            findings.append(Finding(error))
        }
    }

    private mutating func check(_ user: UserEntry, in users: UsersFile) {
        let key = AccessHolder.user(user.name).table
        if let hash = user.passwordHash, !user.isLeftToPAM, PasswordHash(hash) == nil {
            add(
                user.line,
                "\(key).password",
                "is no hash that is accepted",
                "contactsctl user password \(user.name) writes one"
            )
        }
        for app in user.appPasswords { check(app, of: user) }
        if user.access.isEmpty, users.groups(of: user.name).isEmpty {
            let remedy = "contactsctl grant \(Shell.quote(user.name)) INSTANCE writer"
            add(user.line, key, "may do nothing anywhere", remedy, isWarning: true)
        }
    }

    private mutating func check(_ app: AppPasswordEntry, of user: UserEntry) {
        let key = "\(AccessHolder.user(user.name).table).app_passwords.\(TOMLText.key(app.id))"
        if AppPasswordHash(app.hash) == nil {
            add(
                app.line,
                "\(key).hash",
                "is no hash of an app password",
                "contactsctl app-password add \(user.name) writes one"
            )
        }
        do throws(AccessError) {
            _ = try Scope(paths: app.paths, isReadOnly: app.isReadOnly)
        } catch {
            add(app.line, "\(key).paths", error.description, nil)
        }
    }

    /// Whether the service of PAM is there that users need.
    private mutating func checkPAM(_ settings: PAMSettings) {
        do throws(SettingsError) {
            try settings.check(file: places.gatewayPath)
            try users?.check(settings, file: places.usersPath)
        } catch {
            findings.append(Finding(error))
        }
    }

    /// Whether a line of an access table can be read.
    private mutating func check(_ access: UserEntry.Access, of holder: AccessHolder) -> Bool {
        let rule = [(path: access.path, role: access.role)]
        do throws(AccessError) {
            _ = holder == .anonymous ? try AccessRules(anonymous: rule) : try AccessRules(rule)
            return true
        } catch {
            add(access.line, "\(holder.table).access", error.description, nil)
            return false
        }
    }

    private mutating func checkInstance(of access: UserEntry.Access, of holder: AccessHolder) {
        guard let contacts, let name = AccessPath(access.path)?.instance,
            contacts.instance(named: name) == nil
        else { return }
        // The gateway runs with it, and lets nobody in by it.
        add(
            access.line,
            "\(holder.table).access",
            "there is no instance \(name)",
            "\(Grant.removal(of: access.path, from: holder)) takes the rule away",
            isWarning: true
        )
    }

    /// An instance that nobody may use is one that somebody forgot.
    private mutating func checkInstancesHaveUsers() {
        guard let users else { return }
        let paths = users.holders.flatMap { users.access(of: $0) ?? [] }
            .compactMap { AccessPath($0.path) }
        for instance in contacts?.instances ?? []
        where !paths.contains(where: { ($0.instance ?? instance.name) == instance.name }) {
            add(
                nil,
                nil,
                "nobody may use the instance \(instance.name)",
                "contactsctl user add NAME --instance \(instance.name)",
                isWarning: true
            )
        }
    }

    private mutating func add(
        _ line: Int?,
        _ key: String?,
        _ problem: String,
        _ remedy: String?,
        isWarning: Bool = false
    ) {
        let error = SettingsError(
            file: places.usersPath,
            line: line,
            key: key,
            problem: problem,
            remedy: remedy
        )
        findings.append(isWarning ? Finding(warning: error) : Finding(error))
    }
}
