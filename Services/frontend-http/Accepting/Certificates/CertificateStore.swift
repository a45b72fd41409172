import Glibc
import Logging
import NIOSSL
import Settings
import Synchronization

/// The certificates that are served, chosen by the host that a client asks for (RFC 6066 §3).
///
/// Connections keep the one that they began with, so that others can take its place at any time.
final class CertificateStore: Sendable {
    /// How often the files are looked at.
    static let pause = Duration.seconds(10)

    private struct State {
        var served: [ServedCertificate] = []
        var byName: [String: Int] = [:]
        var tls: GatewayTLSSettings?
        /// The files that could not be served as they are, so that it is said once.
        var refused: [CertificateFiles] = []
        var nextWord = 0

        init() {}

        init(_ served: [ServedCertificate], _ tls: GatewayTLSSettings) {
            self.served = served
            self.tls = tls
            for (index, certificate) in served.enumerated() {
                for name in certificate.names where byName[name] == nil { byName[name] = index }
            }
        }
    }

    private let folder: String
    private let credentials: String?
    private let log: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - folder: The folder of `gateway.toml`.
    ///   - log: Where troubles are told.
    ///   - credentials: The folder of systemd's credentials.
    init(
        folder: String,
        log: Logger,
        credentials: String? = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
    ) {
        self.folder = folder
        self.credentials = credentials
        self.log = log
    }

    /// Whether there is none.
    var isEmpty: Bool { state.withLock { $0.served.isEmpty } }

    /// What to show a client.
    ///
    /// - Parameter host: The host that it asks for, where it says so.
    /// - Returns: `nil` where the client is to be turned away.
    func context(for host: String?) -> NIOSSLContext? {
        state.withLock { state in
            let index = host.flatMap { Self.find($0, in: state.byName) }
            if host != nil, index == nil, state.tls?.unknownHost == .refuse { return nil }
            return state.served.isEmpty ? nil : state.served[index ?? 0].context
        }
    }

    /// Whether a certificate names a host.
    func covers(_ host: String) -> Bool {
        state.withLock { Self.find(host, in: $0.byName) != nil }
    }

    /// By the name itself, else by one that has `*` for its first label (RFC 6125 §6.4.3).
    private static func find(_ host: String, in names: [String: Int]) -> Int? {
        let name = host.lowercased()
        if let index = names[name] { return index }
        guard let dot = name.firstIndex(of: ".") else { return nil }
        return names["*\(name[dot...])"]
    }

    // MARK: Reading

    /// Certificates of some settings that have been read.
    struct Reading: Sendable {
        fileprivate let served: [ServedCertificate]
        fileprivate let tls: GatewayTLSSettings
    }

    /// Reads all certificates of the settings, and serves none of them yet. Blocks.
    ///
    /// - Parameters:
    ///   - settings: What names them.
    ///   - file: Its path, for errors.
    ///   - problems: Gets what is wrong, for each.
    /// - Returns: Those that can be served.
    func read(
        _ settings: GatewaySettings,
        file: String,
        _ problems: inout [SettingsError]
    ) -> Reading {
        var served: [ServedCertificate] = []
        for certificate in settings.certificates {
            do throws(SettingsError) {
                served.append(try read(certificate, settings.tls, file: file))
            } catch {
                problems.append(error)
            }
        }
        return Reading(served: served, tls: settings.tls)
    }

    /// Serves what was read, to connections that begin now.
    func serve(_ reading: Reading) {
        state.withLock { $0 = State(reading.served, reading.tls) }
    }

    private func read(
        _ certificate: CertificateSettings,
        _ tls: GatewayTLSSettings,
        file: String
    ) throws(SettingsError) -> ServedCertificate {
        let paths = [certificate.chain, certificate.key].compactMap {
            CertificateSettings.path(of: $0, folder: folder, credentials: credentials)
        }
        guard paths.count == 2 else {
            throw SettingsError(
                file: file,
                line: certificate.line,
                key: "certificate",
                problem: "names a credential, and there is no folder of credentials",
                remedy: "add LoadCredential= to the unit, or name a file"
            )
        }
        do throws(ServedCertificate.Problem) {
            return try ServedCertificate(
                CertificateFiles(chain: paths[0], key: paths[1]),
                minimum: tls.minimum
            )
        } catch {
            throw SettingsError(
                file: file,
                line: certificate.line,
                key: "certificate",
                problem: error.description
            )
        }
    }

    /// Reads again what has changed on the disk; what cannot be served leaves the old one in force. Says
    /// once a day which ones end soon. Blocks.
    func look(now: Int = time(nil)) {
        let (served, tls) = state.withLock { ($0.served, $0.tls) }
        guard let tls, !served.isEmpty else { return }
        var replaced: [Int: ServedCertificate] = [:]
        for (index, old) in served.enumerated() {
            let files = old.files.again
            if files != old.files, let new = readAgain(files, tls) { replaced[index] = new }
        }
        if !replaced.isEmpty {
            let next = served.enumerated().map { replaced[$0] ?? $1 }
            // Settings that were read again meanwhile have the last word.
            let isCurrent = state.withLock { state in
                guard state.served.map(\.files) == served.map(\.files) else { return false }
                state = State(next, tls)
                return true
            }
            if isCurrent { tellNew(replaced.values) }
        }
        tellEnds(now: now)
    }

    private func readAgain(
        _ files: CertificateFiles,
        _ tls: GatewayTLSSettings
    ) -> ServedCertificate? {
        do throws(ServedCertificate.Problem) {
            return try ServedCertificate(files, minimum: tls.minimum)
        } catch {
            // Chain and key are seldom replaced at the same instant: the next look finds both.
            let isNew = state.withLock { state in
                if state.refused.contains(files) { return false }
                state.refused.removeAll { $0.chain == files.chain && $0.key == files.key }
                state.refused.append(files)
                return true
            }
            if isNew {
                log.error(
                    "certificate not read again, the old one stays",
                    metadata: ["chain": "\(files.chain)", "error": "\(error)"]
                )
            }
            return nil
        }
    }

    private func tellNew(_ certificates: some Collection<ServedCertificate>) {
        for certificate in certificates {
            log.notice(
                "certificate read again",
                metadata: [
                    "chain": "\(certificate.files.chain)",
                    "names": "\(certificate.names.joined(separator: " "))",
                    "days": "\((certificate.validity.upperBound - Int(time(nil))) / 86_400)",
                ]
            )
        }
    }

    private func tellEnds(now: Int) {
        let served = state.withLock { state -> [ServedCertificate] in
            guard now >= state.nextWord else { return [] }
            state.nextWord = now + 86_400
            return state.served
        }
        for certificate in served where now >= certificate.warnsFrom {
            let fields: Logger.Metadata = [
                "chain": "\(certificate.files.chain)",
                "days": "\((certificate.validity.upperBound - now) / 86_400)",
            ]
            if now > certificate.validity.upperBound {
                log.error("a certificate is not valid any more", metadata: fields)
            } else {
                log.warning("a certificate ends soon", metadata: fields)
            }
        }
    }

    /// What an operator should know before the gateway starts: certificates that are not valid now, and
    /// hosts that none of them names.
    func warnings(
        hosts: [String],
        now: Int = time(nil)
    ) -> (invalid: [String], bareHosts: [String]) {
        let served = state.withLock { $0.served }
        guard !served.isEmpty else { return ([], []) }
        let invalid = served.filter { !$0.validity.contains(now) }.map {
            now < $0.validity.lowerBound
                ? "\($0.files.chain): the certificate is not valid yet"
                : "\($0.files.chain): the certificate is not valid any more"
        }
        let bare = hosts.filter { $0 != "*" && !$0.hasPrefix("[") && !covers($0) }
        return (invalid, bare.map { "\($0): no certificate names this host" })
    }
}
