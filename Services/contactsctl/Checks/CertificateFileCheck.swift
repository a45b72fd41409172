import Glibc
import Settings

/// Whether the files of certificates are there, and the gateway may read them.
///
/// What is in them is not looked at: that takes the library that serves them, which is the gateway's
/// (`frontend-http --check`). A `credential:` is there in the gateway's unit alone.
struct CertificateFileCheck {
    private(set) var findings: [Finding] = []
    private let places: Places

    init(_ certificates: [CertificateSettings], _ places: Places) {
        self.places = places
        for certificate in certificates {
            check(certificate.chain, "chain", certificate.line)
            check(certificate.key, "key", certificate.line)
        }
    }

    private mutating func check(_ text: String, _ key: String, _ line: Int) {
        let path = CertificateSettings.path(of: text, folder: places.config, credentials: nil)
        guard let path else { return }
        let code = Self.error(reading: path)
        guard code != 0 else { return checkGateway(path, key, line) }
        let reason = Self.reason(code)
        // Whoever asks need not be the gateway's user.
        guard code == EACCES, geteuid() != 0 else {
            let remedy = "name the file of the certificate's \(key), in PEM"
            return add("\(path) cannot be read: \(reason)", remedy, key, line)
        }
        add(
            "\(path) cannot be read by this user: \(reason)",
            "run this as root or as the gateway's user",
            key,
            line,
            isWarning: true
        )
    }

    /// Under systemd the gateway has a user of its own, in whose place root looks.
    private mutating func checkGateway(_ path: String, _ key: String, _ line: Int) {
        let user = SystemManager.gatewayUser
        let code = StoreOwner.asOther(user) { Self.error(reading: path) }
        guard let code, code != 0 else { return }
        add(
            "\(path) cannot be read by \(user): \(Self.reason(code))",
            "hand it to the unit with LoadCredential= and write \(key) = \"credential:NAME\"",
            key,
            line,
            isWarning: true
        )
    }

    /// Why a file cannot be read; zero where it can be.
    private static func error(reading path: String) -> Int32 {
        // A pipe that nobody writes to would be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var byte: UInt8 = 0
        return read(descriptor, &byte, 1) < 0 ? errno : 0
    }

    private static func reason(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }

    private mutating func add(
        _ problem: String,
        _ remedy: String,
        _ key: String,
        _ line: Int,
        isWarning: Bool = false
    ) {
        let error = SettingsError(
            file: places.gatewayPath,
            line: line,
            key: "certificate.\(key)",
            problem: problem,
            remedy: remedy
        )
        findings.append(isWarning ? Finding(warning: error) : Finding(error))
    }
}
