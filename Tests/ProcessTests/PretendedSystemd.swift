import Foundation
import TestSupport

/// A machine that seems to run systemd, for one shell script: mounts of its own hide this one's
/// `/run`, `/etc` and `/var/lib`, and `systemctl` writes down what it is asked for.
struct PretendedSystemd {
    /// Whether this user may mount at all: root outside of most containers.
    static let isAllowed: Bool = {
        do {
            return try geteuid() == 0 && PretendedSystemd().run("true").status == 0
        } catch {
            return false
        }
    }()

    /// What hides this machine, and makes an installation's folders; the script comes behind it.
    private static let prologue = """
        set -e
        mount -t tmpfs none /run
        mkdir -p /run/systemd/system /run/etc
        cp -a /etc/. /run/etc/
        mount --bind /run/etc /etc
        mount -t tmpfs none /var/lib
        mkdir -p /etc/sysusers.d /etc/everlock-contacts /var/lib/everlock-contacts
        mkdir -m 0750 -p /run/everlock-contacts
        set +e

        """

    private static let programs = [
        // The units are there, and nothing runs.
        "systemctl": """
        echo "systemctl $*" >>"$CALLS"
        case $1 in
            show) echo "LoadState=${LOAD_STATE:-loaded}" ;;
            is-active) exit 3 ;;
        esac
        """,
        // Fails as long as a script wants it to.
        "systemd-sysusers": """
        echo "systemd-sysusers $*" >>"$CALLS"
        [ ! -e "$BROKEN" ]
        """,
    ]

    /// Runs a script, which finds `contactsctl` on its path.
    ///
    /// - Returns: What the script left behind, and the calls of the machine's own programs.
    func run(
        _ script: String,
        environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String, calls: [String]) {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-machine-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in Self.programs {
            let path = folder.appending(path: name)
            try Data("#!/bin/sh\n\(text)\n".utf8).write(to: path)
            chmod(path.path, 0o755)
        }
        let calls = folder.appending(path: "calls")
        try Data().write(to: calls)
        let own = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let result = try Programs.run(
            "/usr/bin/unshare",
            ["--mount", "--propagation", "private", "/bin/sh", "-c", Self.prologue + script],
            environment: environment.merging(
                [
                    "PATH": "\(folder.path):\(Programs.folder.path):\(own)",
                    "CALLS": calls.path, "BROKEN": folder.appending(path: "broken").path,
                ]
            ) { $1 }
        )
        let asked = try String(contentsOf: calls, encoding: .utf8)
        try FileManager.default.removeItem(at: folder)
        return (
            result.status, result.output, result.errors,
            asked.split(separator: "\n").map(String.init)
        )
    }
}
