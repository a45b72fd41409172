import Logging
import NIOHTTP1
import Settings
import Synchronization

/// What all connections share.
final class GatewayServices: Sendable {
    let authenticator: Authenticator
    let log: Logger
    let times: GatewayTimes
    private let settingsPath: String
    private let routing: Mutex<Vhosts>

    /// - Throws: ``SettingsError`` where the instances cannot be read.
    init(
        settingsPath: String,
        authenticator: Authenticator,
        log: Logger,
        times: GatewayTimes = GatewayTimes()
    ) throws(SettingsError) {
        self.settingsPath = settingsPath
        self.authenticator = authenticator
        self.log = log
        self.times = times
        routing = Mutex(Vhosts(try ContactsSettings.load(path: settingsPath)))
    }

    /// Which host leads where, as of now.
    var vhosts: Vhosts { routing.withLock { $0 } }

    /// Reads all settings again; a file with an error in it leaves the old ones in force.
    func reload() {
        do throws(SettingsError) {
            let vhosts = Vhosts(try ContactsSettings.load(path: settingsPath))
            routing.withLock { $0 = vhosts }
            log.notice("instances read again")
        } catch {
            log.error(
                "instances not read again, the old ones stay",
                metadata: ["error": "\(error)"]
            )
        }
        authenticator.reload()
    }

    /// One line for a request that has been answered; never what authenticates it.
    func log(_ request: ForwardedRequest?) {
        guard let request else { return }
        let took = request.started.duration(to: .now).components
        let microseconds = took.seconds * 1_000_000 + took.attoseconds / 1_000_000_000_000
        let target = request.head.uri
        log.info(
            "request",
            metadata: [
                "request_id": .string(request.requestID),
                "method": .string(request.head.method.rawValue),
                "path": .string(target.utf8.count <= 512 ? target : String(target.prefix(512))),
                "status": .string(String(request.status)),
                "instance": .string(request.instance ?? "-"),
                "user": .string(request.user.isEmpty ? "-" : request.user),
                "client": .string(request.client),
                "bytes": .string(String(request.sentBytes)),
                "microseconds": .string(String(microseconds)),
            ]
        )
    }
}
