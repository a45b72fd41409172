import Foundation
import TestSupport
import Testing

struct EarlyAnswerTests {
    /// A backend that answers as soon as somebody comes, and more than one reading takes.
    private static let backend = """
        import socket, struct, subprocess, sys
        def frame(kind, payload=b""): return struct.pack(">IBBI", len(payload), kind, 0, 0) + payload
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(sys.argv[1])
        listener.listen()
        command = subprocess.Popen(sys.argv[2:])
        peer, _ = listener.accept()
        answer = frame(3, struct.pack(">HHB", 204, 0, 0)) + frame(4, b" " * 60000) * 2 + frame(5)
        peer.sendall(frame(1, struct.pack(">HII", 1, 131072, 65536)) + answer)
        print(command.wait())
        """

    @Test func `an answer that comes before the request has gone is heard`() throws {
        try withServer { server throws in
            let folder = server.folder.appending(path: "early")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

            let done = try Programs.run(
                "/usr/bin/python3",
                [
                    "-c", Self.backend, folder.appending(path: "default.sock").path,
                    Programs.folder.appending(path: "contactsctl").path, "checkpoint", "default",
                    "--config", server.folder.path, "--state", server.folder.path,
                    "--runtime", folder.path,
                ]
            )

            #expect(done.errors == "")
            #expect(done.output == "0\n")
        }
    }
}
