import Foundation
import TestSupport
import Testing

/// Whom a backend hears (SO_PEERCRED): the gateway's user, its own and root. As root, since it takes
/// another user to be turned away.
@Suite(.enabled(if: getuid() == 0))
struct PeerTests {
    /// Sends a request as somebody who has no rights at all, and prints the answer's status.
    private static let client = """
        import socket, struct, sys
        def frame(kind, payload=b""): return struct.pack(">IBBI", len(payload), kind, 0, 0) + payload
        def text(value): return struct.pack(">H", len(value)) + value.encode()
        head = b"".join(map(text, ("1", "default", "me", "writer"))) + b"\\0\\0"
        head += b"".join(map(text, ("OPTIONS", sys.argv[2], "http", "localhost", "local")))
        head += b"\\0\\0\\0"
        try:
            peer = socket.socket(socket.AF_UNIX)
            peer.settimeout(30)
            peer.connect(sys.argv[1])
            peer.sendall(frame(1, struct.pack(">HII", 1, 131072, 65536)))
            file = peer.makefile("rb")
            file.read(20)
            peer.sendall(frame(2, head) + frame(5))
            answer = file.read(12)
            print(struct.unpack(">H", answer[10:])[0] if len(answer) == 12 else "closed")
        except (BrokenPipeError, ConnectionResetError):
            print("closed")
        """

    private static func ask(_ target: String, _ server: TestServer) throws -> String {
        let socket = server.folder.appending(path: "run/default.sock").path
        // The socket's mode alone would keep the client out: this is about what stands behind it.
        chmod(socket, 0o666)
        let nobody = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        let answer = try Programs.run(
            "/usr/bin/setpriv",
            nobody + ["/usr/bin/python3", "-c", client, socket, target]
        )
        #expect(answer.errors == "")
        return answer.output
    }

    @Test func `a process of another user is hung up on, and the log names it`() throws {
        try withServer { server throws in
            #expect(try Self.ask("/dav/", server) == "closed\n")

            let log = try server.text(of: "backend-default.log")
            let line = log.split(separator: "\n").first { $0.contains("not the gateway's user") }
            #expect(line?.hasPrefix("error contacts-backend: ") == true)
            #expect(line?.contains(" uid=65534") == true)
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }

    @Test func `the gateway's user is heard, and not as an operator`() throws {
        try withServer { server throws in
            server.stopBackend("default")
            try server.startBackend("default", arguments: ["--gateway-user", "nobody"])

            #expect(try Self.ask("/dav/", server) == "200\n")
            #expect(try Self.ask("operator:status", server) == "400\n")
            #expect(try Self.ask("operator:checkpoint", server) == "400\n")
        }
    }
}
