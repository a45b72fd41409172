import Logging
import NIOHTTP1
import Settings
import Synchronization

/// What all connections share.
final class GatewayServices: Sendable {
    let authenticator: Authenticator
    let log: Logger
    let times: GatewayTimes
    let activity = GatewayActivity()
    let certificates: CertificateStore
    let gate: ConnectionGate
    private let folder: String
    private let state: Mutex<State>
    private let settingsProblem = Mutex<String?>(nil)

    /// What is read again while the gateway runs.
    private struct State {
        let vhosts: Vhosts
        let settings: GatewaySettings
        let policy: TransportPolicy

        init(folder: String) throws(SettingsError) {
            vhosts = Vhosts(
                try ContactsSettings.load(path: "\(folder)/\(ContactsSettings.fileName)")
            )
            settings = try GatewaySettings.load(path: "\(folder)/\(GatewaySettings.fileName)")
            policy = TransportPolicy(settings)
        }
    }

    /// - Parameters:
    ///   - folder: Where `contacts.toml` and `gateway.toml` are.
    ///   - authenticator: Says who asks.
    ///   - log: Where requests and troubles are told.
    ///   - times: Instead of those that `gateway.toml` gives.
    /// - Throws: ``SettingsError`` where the settings cannot be read.
    init(
        folder: String,
        authenticator: Authenticator,
        log: Logger,
        times: GatewayTimes? = nil
    ) throws(SettingsError) {
        self.folder = folder
        self.authenticator = authenticator
        self.log = log
        gate = ConnectionGate(log: log)
        let state = try State(folder: folder)
        try authenticator.use(state.settings)
        certificates = CertificateStore(folder: folder, log: log)
        if let problem = certificates.load(state.settings, file: Self.gatewayFile(folder)).first {
            throw problem
        }
        self.times = times ?? GatewayTimes(state.settings.times)
        self.state = Mutex(state)
    }

    /// Which host leads where, as of now.
    var vhosts: Vhosts { state.withLock { $0.vhosts } }

    /// `gateway.toml`, as of now.
    var settings: GatewaySettings { state.withLock { $0.settings } }

    /// What was wrong with the files that were read last, and left the old state in force.
    var problems: [String] {
        [settingsProblem.withLock { $0 }, authenticator.problem].compactMap(\.self)
    }

    /// What connections that begin now are held to.
    var policy: TransportPolicy { state.withLock { $0.policy } }

    private static func gatewayFile(_ folder: String) -> String {
        "\(folder)/\(GatewaySettings.fileName)"
    }

    /// Reads all settings again; a file with an error in it leaves the old ones in force.
    func reload() {
        do throws(SettingsError) {
            let new = try State(folder: folder)
            try authenticator.use(new.settings)
            if let problem = certificates.load(new.settings, file: Self.gatewayFile(folder)).first {
                throw problem
            }
            state.withLock { $0 = new }
            settingsProblem.withLock { $0 = nil }
            log.notice("settings read again")
        } catch {
            settingsProblem.withLock { $0 = "\(error)" }
            log.error(
                "settings not read again, the old ones stay",
                metadata: ["error": "\(error)"]
            )
        }
        authenticator.reload()
    }

    /// One line for a request that has been answered; never what authenticates it.
    func log(_ request: ForwardedRequest?) {
        guard let request else { return }
        activity.answered(isRefused: request.isRefused)
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
