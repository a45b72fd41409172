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
//          most), ends with 0. SIGHUP: nothing; a restart loses no request.
// EXIT     0 ended as asked; 1 failed; 64 wrong use; 78 wrong settings.

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
        abstract: "Serves the address books of one instance to frontend-http."
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
        let settings: InstanceSettings
        do {
            settings = try readSettings()
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
            try serve(settings, log)
        } catch {
            log.error("the backend cannot start", metadata: ["error": "\(error)"])
            throw ExitCode(1)
        }
    }

    private func readSettings() throws -> InstanceSettings {
        let path = "\(config)/\(ContactsSettings.fileName)"
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

    private func serve(_ settings: InstanceSettings, _ log: Logger) throws {
        let store = try AddressBookStore(path: settings.storePath(state: state)) { problem in
            log.warning("the store needs a look", metadata: ["problem": "\(problem)"])
        }
        let listener = try ListeningSocket.inherited(orAt: "\(runtime)/\(instance).sock")
        let server = try Server(
            listener: listener,
            instance: instance,
            peers: Peers(gateway: try gatewayUserID()),
            store: store,
            log: log
        )
        guard Thread.start({ Self.stopOnSignal(server) }) else {
            throw SupervisionError.system(call: "pthread_create", code: EAGAIN)
        }
        let books = store.home.books.count
        ServiceManager.ready(status: "Serving \(books) address books")
        log.notice("started", metadata: ["books": "\(books)"])
        server.run()
        ServiceManager.stopping()
        store.close()
        log.notice("stopped")
    }

    private static func stopOnSignal(_ server: Server) {
        while Signals.wait([Signals.terminate, Signals.interrupt, Signals.reload]) == Signals.reload
        {}
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
