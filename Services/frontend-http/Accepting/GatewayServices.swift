import Logging
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
    let requestLog: RequestLog
    let userLoads = UserLoads()
    private let folder: String
    private let state: Mutex<State>
    private let settingsProblem = Mutex<String?>(nil)

    private struct State {
        var rules: GatewayRules
        var isStopping = false
    }

    /// - Parameters:
    ///   - folder: Where `contacts.toml` and `gateway.toml` are.
    ///   - authenticator: Says who asks.
    ///   - log: Where requests and troubles are told.
    ///   - times: Instead of those that `gateway.toml` gives.
    ///   - requestSink: What writes the lines of requests, instead of the logger.
    /// - Throws: ``SettingsError`` where the settings cannot be read.
    init(
        folder: String,
        authenticator: Authenticator,
        log: Logger,
        times: GatewayTimes? = nil,
        requestSink: RequestLog.Sink? = nil
    ) throws(SettingsError) {
        self.folder = folder
        self.authenticator = authenticator
        self.log = log
        gate = ConnectionGate(log: log)
        certificates = CertificateStore(folder: folder, log: log)
        requestLog = RequestLog(log: log, sink: requestSink)
        let first = try Change(folder, authenticator, certificates)
        first.take(authenticator, certificates)
        self.times = times ?? GatewayTimes(first.rules.settings.times)
        state = Mutex(State(rules: first.rules))
    }

    /// What the settings say, as of now.
    var rules: GatewayRules { state.withLock { $0.rules } }

    /// Which host leads where, as of now.
    var vhosts: Vhosts { rules.vhosts }

    /// `gateway.toml`, as of now.
    var settings: GatewaySettings { rules.settings }

    /// Whether the gateway takes no more connections.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// The gateway takes no more connections from now on.
    func stopping() { state.withLock { $0.isStopping = true } }

    /// What was wrong with the files that were read last, and left the old state in force.
    var problems: [String] {
        [settingsProblem.withLock { $0 }, authenticator.problem].compactMap(\.self)
    }

    /// What connections that begin now are held to.
    var policy: TransportPolicy { rules.policy }

    /// All that a folder's settings lead to, read and made ready: only what has nothing wrong with it
    /// takes effect, and then the whole of it.
    private struct Change {
        let rules: GatewayRules
        private let logins: Authenticator.Prepared
        private let reading: CertificateStore.Reading

        init(
            _ folder: String,
            _ authenticator: Authenticator,
            _ certificates: CertificateStore
        ) throws(SettingsError) {
            rules = try GatewayRules(folder: folder)
            logins = try authenticator.prepare(rules.settings)
            let file = "\(folder)/\(GatewaySettings.fileName)"
            var problems: [SettingsError] = []
            reading = certificates.read(rules.settings, file: file, &problems)
            if let problem = problems.first { throw problem }
        }

        func take(_ authenticator: Authenticator, _ certificates: CertificateStore) {
            authenticator.use(logins)
            certificates.serve(reading)
        }
    }

    /// Reads all settings again; a file with an error in it leaves the old ones in force.
    func reload() {
        do throws(SettingsError) {
            let new = try Change(folder, authenticator, certificates)
            new.take(authenticator, certificates)
            state.withLock { $0.rules = new.rules }
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
}
