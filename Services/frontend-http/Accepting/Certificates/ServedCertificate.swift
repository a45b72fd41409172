import Glibc
import NIOSSL
import Settings

/// A certificate with its key, ready for handshakes.
struct ServedCertificate: Sendable {
    /// Why one cannot be served.
    struct Problem: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    /// Where it came from.
    let files: CertificateFiles
    /// The hosts that it names, lower-case: `contacts.example.com`, `*.example.com`.
    let names: [String]
    /// When it begins and ends to be valid, in seconds since 1970.
    let validity: ClosedRange<Int>
    let context: NIOSSLContext

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - files: The files.
    ///   - minimum: The oldest version of TLS that is spoken.
    /// - Throws: ``Problem``, for people.
    init(_ files: CertificateFiles, minimum: GatewayTLSSettings.Version) throws(Problem) {
        let chain = try Self.chain(files.chain)
        let key = try Self.key(files.key)
        guard let leaf = chain.first else { throw Problem(description: "\(files.chain) is empty") }
        self.files = files
        let end = Int(leaf.notValidAfter)
        validity = min(Int(leaf.notValidBefore), end)...end
        names = Self.names(of: leaf)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = minimum == .tls13 ? .tlsv13 : .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            // Both could be read: what is left is that they are not of one pair.
            throw Problem(
                description: "the key in \(files.key) does not belong to the certificate in "
                    + files.chain
            )
        }
    }

    /// From when on its end is worth a warning: for the last quarter of its life, two weeks at the most.
    var warnsFrom: Int {
        validity.upperBound - min(14 * 86_400, (validity.upperBound - validity.lowerBound) / 4)
    }

    private static func chain(_ path: String) throws(Problem) -> [NIOSSLCertificate] {
        do {
            return try NIOSSLCertificate.fromPEMFile(path)
        } catch {
            throw Problem(
                description: "\(path) cannot be read as certificates in PEM: \(reason(path))"
            )
        }
    }

    private static func key(_ path: String) throws(Problem) -> NIOSSLPrivateKey {
        do {
            return try NIOSSLPrivateKey(file: path, format: .pem)
        } catch {
            throw Problem(
                description: "\(path) cannot be read as a private key in PEM without a passphrase: "
                    + reason(path)
            )
        }
    }

    private static func reason(_ path: String) -> String {
        guard access(path, R_OK) != 0 else { return "its contents are something else" }
        return String(cString: strerror(errno))
    }

    /// The DNS names among the subject's alternative names; the common name counts for nothing
    /// (RFC 9110 §4.3.4).
    private static func names(of leaf: NIOSSLCertificate) -> [String] {
        leaf._subjectAlternativeNames().compactMap { name in
            guard name.nameType == .dnsName else { return nil }
            return name.contents.withUnsafeBufferPointer {
                String(decoding: $0, as: UTF8.self).lowercased()
            }
        }
    }
}

/// The files of a certificate, and what tells them from what they were.
struct CertificateFiles: Sendable, Equatable {
    let chain: String
    let key: String
    private let marks: [FileMark]

    /// Looks at the files, which need not be there.
    init(chain: String, key: String) {
        self.chain = chain
        self.key = key
        marks = [FileMark(chain), FileMark(key)]
    }

    /// The files as they are now.
    var again: CertificateFiles { CertificateFiles(chain: chain, key: key) }
}

/// What tells a file that was replaced or written to from what it was.
private struct FileMark: Equatable, Sendable {
    private let numbers: [Int]

    init(_ path: String) {
        var status = stat()
        // A file that is not there differs from one that is; that is all there is to know.
        guard stat(path, &status) == 0 else {
            numbers = []
            return
        }
        numbers = [
            Int(status.st_mtim.tv_sec), status.st_mtim.tv_nsec, Int(clamping: status.st_ino),
            Int(clamping: status.st_dev), Int(status.st_size),
        ]
    }
}
