import Foundation
import TestSupport

/// Brings the system up with https, for the hosts of some certificates.
func withSecureServer<Value>(
    instances: [(name: String, host: String)] = [("default", "*")],
    hosts: [[String]] = [["localhost"]],
    settings: String = "",
    _ body: (TestServer) throws -> Value
) throws -> Value {
    try withServer(
        instances: instances,
        prepare: { server in
            var text = settings
            for (index, names) in hosts.enumerated() {
                try TestCertificate.make(names, as: "server\(index)", in: server.folder)
                text += TestCertificate.settings("server\(index)")
            }
            try server.write(text, to: "gateway.toml")
            server.listensSecurely = true
        },
        body
    )
}

extension TestServer {
    /// What openssl says of a handshake.
    func handshake(_ arguments: String...) throws -> String {
        let result = try Programs.run(
            "/usr/bin/openssl",
            ["s_client", "-connect", "127.0.0.1:\(securePort)"] + arguments
        )
        return result.output + result.errors
    }

    /// What curl prints, trusting any certificate; `/…` is asked of the gateway over https.
    func curl(_ path: String, host: String = "localhost", _ arguments: String...) throws -> String {
        try Programs.run(
            "/usr/bin/curl",
            [
                "-sS", "-k", "--max-time", "20", "--resolve", "\(host):\(securePort):127.0.0.1",
                "-u", "\(TestServer.writer.0):\(TestServer.writer.1)",
            ] + arguments + ["https://\(host):\(securePort)\(path)"]
        ).output
    }
}
