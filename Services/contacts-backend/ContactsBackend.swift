// contacts-backend: serves the address books of one instance.
//
//   contacts-backend [--config DIR] [--state DIR] [--runtime DIR] [--gateway-user NAME] [--check]
//                    INSTANCE
//
// PURPOSE  Owns the git store of one instance and speaks CardDAV (RFC 6352) over it. Knows no TLS,
//          no password and no other instance; frontend-http settles who asks and forwards.
// SOCKETS  One listening Unix socket: the one that systemd hands over, else
//          <runtime>/<instance>.sock, mode 0660. Only processes of the gateway's user, of this
//          process's own user and of root are heard (SO_PEERCRED).
// FILES    <config>/contacts.toml says where the store is: <state>/<store>, a bare git repository,
//          locked by <store>/everlock.lock while this process runs.
// SIGNALS  SIGTERM and SIGINT: takes no more requests, answers those under way (30 seconds at the
//          most), ends with 0. SIGHUP: reads contacts.toml again; one with an error in it leaves
//          the old settings in force, and the log and `systemctl status` say so.
// SYSTEMD  Type=notify: readiness, reloads, its end, and what it is doing. WatchdogSec=: signs of
//          life come from the thread that accepts, as long as who writes gets on. With a socket of
//          systemd's it ends with 0 once nobody has asked for anything for `idle_exit`; the next
//          request starts it again.
// EXIT     0 ended as asked, or idle; 1 failed; 64 wrong use; 78 wrong settings.

import AddressBooks
import ArgumentParser
import CMalloc
import Glibc
import Logging
import Settings
import Supervision

@main
struct ContactsBackend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contacts-backend",
        abstract: "Serves the address books of one instance to frontend-http.",
        discussion: manual,
        version: ServiceVersion.current
    )

    @Option(help: "The folder with contacts.toml.")
    var config = "/etc/everlock-contacts"

    @Option(help: "The folder that relative store names lie under.")
    var state = "/var/lib/everlock-contacts"

    @Option(help: "The folder for the socket <instance>.sock, unless systemd hands one over.")
    var runtime = "/run/everlock-contacts"

    @Option(help: "The user whose processes may send requests, beside this one's and root.")
    var gatewayUser: String?

    @Flag(help: "Read the settings, say what is wrong with them, and end.")
    var check = false

    @Argument(help: "The instance to serve, as contacts.toml names it.")
    var instance: String

    func run() throws {
        let source = SettingsSource(
            path: "\(config)/\(ContactsSettings.fileName)",
            instance: instance
        )
        let settings: InstanceSettings
        do throws(SettingsError) {
            settings = try source.read()
        } catch {
            Self.say("\(error)")
            throw ExitCode(78)
        }
        if check { return }
        // One heap for each core's worth of threads: by default each connection's thread grows one of
        // its own, and a book's tree leaves half a megabyte in every one of them.
        mallopt(M_ARENA_MAX, 2)
        Signals.block([Signals.terminate, Signals.interrupt, Signals.reload])
        var log = ServiceLog.logger(service: "contacts-backend")
        log[metadataKey: "instance"] = "\(instance)"
        do {
            try serve(source, settings, log)
        } catch {
            log.error("the backend cannot start", metadata: ["error": "\(error)"])
            throw ExitCode(1)
        }
    }

    private func serve(
        _ source: SettingsSource,
        _ settings: InstanceSettings,
        _ log: Logger
    ) throws {
        let store = try AddressBookStore(path: settings.storePath(state: state)) { problem in
            log.warning("the store needs a look", metadata: ["problem": "\(problem)"])
        }
        let server = try Server(
            listener: try ListeningSocket.inherited(orAt: "\(runtime)/\(instance).sock"),
            instance: instance,
            peers: Peers(gateway: try gatewayUserID()),
            idleExit: settings.idleExit,
            store: store,
            log: log
        )
        let isHeard = Thread.start { Self.follow(server, source, store: settings.store) }
        guard isHeard else { throw SupervisionError.system(call: "pthread_create", code: EAGAIN) }
        ServiceManager.ready(status: server.statusLine)
        log.notice("started", metadata: ["books": "\(server.status.store.books)"])
        let end = server.accept()
        ServiceManager.stopping(status: "Stopping: answers requests under way")
        server.end()
        store.close()
        log.notice("stopped", metadata: ["reason": "\(end)"])
        // systemd shows it until the next start.
        ServiceManager.status(end == .idle ? "Idle; the next request starts it" : "Stopped")
    }

    private static func follow(_ server: Server, _ source: SettingsSource, store: String) {
        while Signals.wait([Signals.terminate, Signals.interrupt, Signals.reload]) == Signals.reload
        {
            server.reload(source, store: store)
        }
        server.stop()
    }

    private func gatewayUserID() throws -> UInt32? {
        guard let gatewayUser else { return nil }
        guard let entry = getpwnam(gatewayUser) else {
            throw ValidationError("there is no user \(gatewayUser) on this system")
        }
        return entry.pointee.pw_uid
    }

    private static func say(_ text: String) {
        let bytes = Array("contacts-backend: \(text)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
