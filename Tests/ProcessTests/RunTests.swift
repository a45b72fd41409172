import Foundation
import TestSupport
import Testing

/// `Services/run`, as somebody who tries the server for the first time calls it, twice.
struct RunTests {
    private static let script = """
        folder=$1 run=$2 bin=$3 port=$((20000 + RANDOM % 10000))
        start() { "$run" --bin "$bin" --no-install --listen "127.0.0.1:$1" --state "$folder/$2"; }
        # The script stops what it has started, where it ends in order.
        "$run" --bin "$bin" --no-install --listen "127.0.0.1:$port" --state "$folder/state" \
            >"$folder/log" 2>&1 &
        first=$!
        for _ in $(seq 600); do
            grep -q 'is running' "$folder/log" && break
            sleep 0.1
        done
        start "$port" other; echo "port: $?"
        start "$((port + 1))" state; echo "state: $?"
        "$bin/contactsctl" book list default --config "$folder/state" --state "$folder/state"
        kill -TERM "$first"; wait "$first"; echo "end: $?"
        cat "$folder/log"
        """

    /// Signals that the tests' own threads block would stay blocked in what they start, SIGTERM as well.
    private static let unblocking = """
        import os, signal, sys
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execv("/bin/bash", ["bash", "-c", *sys.argv[1:]])
        """

    @Test func `a second run is refused, and leaves the first as it is`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-run-\(UInt32.random(in: 0 ... .max))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Services/run").path

        let result = try Programs.run(
            "/usr/bin/env",
            ["python3", "-c", Self.unblocking, Self.script, "bash", folder, run]
                + [Programs.folder.path]
        )

        #expect(result.errors.contains("is in use; --listen takes another address or port"))
        #expect(result.errors.contains("/state is served already; stop that first"))
        for line in ["port: 1", "state: 1", "default\t12 cards\tContacts", "end: 0"] {
            #expect(result.output.contains("\(line)\n"), "\(result.output)\(result.errors)")
        }
        #expect(result.output.contains("Made the user me, password "), "\(result.output)")
    }
}
