import Logging
import Settings
import Supervision
import Synchronization

/// Where an instance's settings come from, to be read at the start and again on demand.
struct SettingsSource: Sendable {
    /// `contacts.toml`.
    let path: String
    let instance: String

    /// Reads the instance's settings.
    ///
    /// - Throws: ``SettingsError``, also where the file has no such instance.
    func read() throws(SettingsError) -> InstanceSettings {
        let settings = try ContactsSettings.load(path: path)
        guard let own = settings.instance(named: instance) else {
            throw SettingsError(
                file: path,
                problem: "has no instance \(instance)",
                remedy: "add [instances.\(instance)]"
            )
        }
        return own
    }

    /// Reads the settings while the instance is served: with the store that it has.
    ///
    /// - Throws: ``SettingsError``, also where the file names another store.
    func readAgain(store: String) throws(SettingsError) -> InstanceSettings {
        let settings = try read()
        guard settings.store == store else {
            throw SettingsError(
                file: path,
                key: "instances.\(instance).store",
                problem: "is another store now, which takes a restart",
                remedy: "systemctl restart contacts-backend@\(instance)"
            )
        }
        return settings
    }
}

extension Server {
    /// Takes the settings as they are now, between the two words to the manager that a reload has; a
    /// file with an error in it leaves the old ones in force.
    func reload(_ source: SettingsSource, store: String) {
        ServiceManager.reloading()
        do throws(SettingsError) {
            let settings = try source.readAgain(store: store)
            idleExit.withLock { $0 = settings.idleExit }
            settingsProblem.withLock { $0 = nil }
            log.notice("settings read again")
        } catch {
            settingsProblem.withLock { $0 = "\(error)" }
            log.error(
                "settings not read again, the old ones stay",
                metadata: ["error": "\(error)"]
            )
        }
        nudge.signal()
        ServiceManager.ready(status: statusLine)
    }
}
