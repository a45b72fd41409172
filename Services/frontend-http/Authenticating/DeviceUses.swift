import Logging
import NIOCore
import NIOPosix
import Settings
import Synchronization

/// When app passwords were last used, to the minute.
struct DeviceUses: Sendable {
    private(set) var file = LastUseFile()
    /// Whether there is something that the disk does not have, and nobody is about to write.
    private(set) var isSaveDue = false

    /// Notes a use.
    ///
    /// - Returns: Whether it is the first one to be written since the last time: whoever is told so
    ///   sees to it.
    mutating func note(_ device: String, of user: String, now: Moment) -> Bool {
        let minute = CalendarMinute(secondsSince1970: now.seconds)
        guard file.minutes[user]?[device] != minute else { return false }
        file.minutes[user, default: [:]][device] = minute
        guard !isSaveDue else { return false }
        isSaveDue = true
        return true
    }

    /// Takes over what an earlier process wrote.
    mutating func take(_ earlier: LastUseFile) { file = earlier }

    /// What is to be written now, without devices that are gone.
    mutating func save(_ directory: UserDirectory) -> LastUseFile {
        isSaveDue = false
        for (user, devices) in file.minutes {
            let left = devices.filter { directory.hasDevice($0.key, of: user) }
            file.minutes[user] = left.isEmpty ? nil : left
        }
        return file
    }
}

/// The file of the uses.
extension Authenticator {
    /// How long uses are collected before they are written: what a crash may lose.
    private static let pause: TimeAmount = .seconds(60)

    /// Writes the uses in a while, off the event loop.
    func saveUsesLater(on loop: any EventLoop) {
        guard statePath != nil else { return }
        loop.scheduleTask(in: Self.pause) { [self] in
            pool.submit { [self] item in if case .active = item { saveUses() } }
        }
    }

    /// Writes the uses where there are new ones. Blocks until the disk has them.
    func saveUses() {
        guard let statePath else { return }
        let file = state.withLock { state in
            state.uses.isSaveDue ? state.uses.save(state.directory) : nil
        }
        do throws(SettingsError) {
            try file?.save(path: statePath)
        } catch {
            log.warning(
                "the last use of app passwords was not recorded",
                metadata: ["error": "\(error)"]
            )
        }
    }

    /// Takes over the uses that an earlier process wrote.
    func loadUses() {
        guard let statePath else { return }
        do throws(SettingsError) {
            let file = try LastUseFile.load(path: statePath)
            state.withLock { $0.uses.take(file) }
        } catch {
            log.warning(
                "when app passwords were last used is not known any more",
                metadata: ["error": "\(error)"]
            )
        }
    }
}
