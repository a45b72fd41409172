public import Foundation

/// Certificates that sign themselves, made with openssl.
public enum TestCertificate {
    /// Writes `<name>.pem` and `<name>.key` into a folder, over those that are there.
    ///
    /// - Parameters:
    ///   - hosts: The DNS names that the certificate is for.
    ///   - name: The files' name.
    ///   - folder: Where they go.
    ///   - days: How long the certificate is valid from now on; a negative number for one that ended.
    /// - Throws: ``TestServer/Failure`` where openssl does not make it.
    public static func make(
        _ hosts: [String],
        as name: String = "server",
        in folder: URL,
        days: Int = 30
    ) throws {
        let names = hosts.map { "DNS:\($0)" }.joined(separator: ",")
        let made = try Programs.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout", folder.appending(path: "\(name).key").path,
                "-out", folder.appending(path: "\(name).pem").path, "-days", String(days),
                "-subj", "/CN=test", "-addext", "subjectAltName=\(names)",
            ]
        )
        guard made.status == 0 else { throw TestServer.Failure("openssl: \(made.errors)") }
    }

    /// The lines of `gateway.toml` for some of them.
    public static func settings(_ names: String...) -> String {
        names.map { "[[certificate]]\nchain = \"\($0).pem\"\nkey = \"\($0).key\"\n" }.joined()
    }
}
