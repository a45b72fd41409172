import TestSupport
import Testing

extension UnderSystemd {
    @Suite struct IsolationTests {
        /// What a service's own sandbox lets a shell do in its place, as its user.
        ///
        /// - Returns: The script's output.
        private func probe(_ machine: Machine, _ unit: String, _ script: String) throws -> String {
            try machine.write("#!/bin/sh\n\(script)\nexit 0\n", to: "/usr/local/bin/probe")
            try machine.shell("chmod 755 /usr/local/bin/probe")
            try machine.edit(unit, "[Service]\nExecStartPre=/usr/local/bin/probe\n")
            try machine.shell("journalctl --rotate && journalctl --vacuum-time=1s")
            try machine.shell("systemctl restart \(unit) && journalctl --sync")
            return try machine.shell("journalctl --output=cat _SYSTEMD_UNIT=\(unit) _COMM=probe")
        }

        @Test func `each service has a user of its own, and each instance a folder of its own`()
            throws
        {
            try withMachine { machine in
                let book = TestServer.home
                try machine.request("PROPFIND", book, ["Depth": "0"], to: "alpha")
                try machine.request("PROPFIND", book, ["Depth": "0"], to: "beta")

                let users = try [
                    "frontend-http", "contacts-backend@alpha", "contacts-backend@beta",
                ]
                .map { unit in
                    let process = try machine.property("MainPID", of: "\(unit).service")
                    return try machine.shell("stat --format=%U /proc/\(process)")
                }

                try #require(users == ["everlock-gateway", "evl-alpha", "evl-beta"])
                let folders = try machine.shell(
                    "stat --format='%n %U %a' /var/lib/everlock-contacts/*"
                )
                try #require(
                    folders == """
                        /var/lib/everlock-contacts/alpha evl-alpha 700
                        /var/lib/everlock-contacts/beta evl-beta 700
                        """
                )
            }
        }

        @Test func `an instance sees no other's store, no user's password and no network`() throws {
            try withMachine { machine in
                try machine.shell("test -s /var/lib/everlock-contacts/beta/HEAD")
                let said = try probe(
                    machine,
                    "contacts-backend@alpha.service",
                    """
                    echo "stores: $(ls /var/lib/everlock-contacts)"
                    cat /etc/everlock-contacts/users.toml && echo "users read"
                    echo x >/var/lib/everlock-contacts/alpha/probe && echo "own store written"
                    echo x >/etc/everlock-contacts/probe && echo "settings written"
                    cp /bin/true /var/lib/everlock-contacts/alpha/true
                    /var/lib/everlock-contacts/alpha/true && echo "ran what it wrote"
                    ls /run/everlock-contacts && echo "sockets seen"
                    /usr/bin/python3 -c 'import socket; socket.socket(socket.AF_INET)' && echo "TCP socket made"
                    echo "devices: $(tail -n +3 /proc/self/net/dev | cut -d: -f1 | tr -d ' ')"
                    rm -f /var/lib/everlock-contacts/alpha/probe /var/lib/everlock-contacts/alpha/true
                    """
                )

                try #require(
                    said.split(separator: "\n").filter { !$0.contains("probe:") }
                        .filter {
                            $0.hasSuffix("written") || $0.contains(": ") || $0.hasSuffix("ed")
                        }
                        .filter { !$0.hasPrefix("cat:") && !$0.hasPrefix("ls:") }
                        .filter { !$0.contains("Error") }
                        == ["stores: alpha", "own store written", "devices: lo"],
                    "\(said)"
                )
                // The same file is there for those who may read it.
                try machine.shell(
                    "setpriv --reuid=everlock-gateway --regid=everlock-gateway --clear-groups "
                        + "test -r /etc/everlock-contacts/users.toml"
                )
            }
        }

        @Test func `the gateway sees users and sockets, and no store`() throws {
            try withMachine { machine in
                let said = try probe(
                    machine,
                    "frontend-http.service",
                    """
                    grep -c alice /etc/everlock-contacts/users.toml >/dev/null && echo "users read"
                    ls /var/lib/everlock-contacts && echo "stores seen"
                    echo x >/etc/everlock-contacts/probe && echo "settings written"
                    test -w /run/everlock-contacts/alpha.sock && echo "socket reached"
                    /usr/bin/python3 -c 'import socket; socket.socket(socket.AF_INET)' && echo "TCP socket made"
                    """
                )

                try #require(
                    said.split(separator: "\n").filter {
                        $0.hasSuffix("read") || $0.hasSuffix("seen")
                            || $0.hasSuffix("written") || $0.hasSuffix("reached")
                            || $0.hasSuffix("made")
                    } == ["users read", "socket reached"],
                    "\(said)"
                )
            }
        }

        @Test func `the gateway's group alone reaches an instance's socket`() throws {
            try withMachine { machine in
                let connect = """
                    /usr/bin/python3 -c 'import socket; \
                    socket.socket(socket.AF_UNIX).connect("/run/everlock-contacts/alpha.sock")'
                    """
                for user in ["nobody", "evl-beta"] {
                    let other = try machine.run(
                        "/bin/sh",
                        "-c",
                        "setpriv --reuid=\(user) --clear-groups --regid=nogroup \(connect)"
                    )
                    try #require(other.status != 0)
                    try #require(other.errors.contains("PermissionError"))
                }
                try machine.shell(
                    "setpriv --reuid=everlock-gateway --regid=everlock-gateway --clear-groups \(connect)"
                )
            }
        }

        @Test func `a key that only root can read is handed to the gateway, and to nobody else`()
            throws
        {
            try withMachine { machine in
                try machine.write("the key\n", to: "/etc/ssl/private/contacts.key")
                try machine.shell("chmod 600 /etc/ssl/private/contacts.key")
                let folder = "/run/credentials/frontend-http.service"

                let said = try probe(
                    machine,
                    "frontend-http.service",
                    "echo \"$(cat /etc/ssl/private/contacts.key \(folder)/contacts.key)\""
                )
                try #require(!said.contains("the key"), "\(said)")
                try machine.write(
                    "[Service]\nLoadCredential=contacts.key:/etc/ssl/private/contacts.key\n",
                    to: "/etc/systemd/system/frontend-http.service.d/keys.conf"
                )
                try machine.shell("systemctl daemon-reload && systemctl restart frontend-http")
                try machine.shell("journalctl --sync")
                let told = try machine.shell(
                    "journalctl --output=cat _SYSTEMD_UNIT=frontend-http.service _COMM=probe"
                )
                try #require(told.split(separator: "\n").filter { $0 == "the key" }.count == 1)
                let other = try machine.run(
                    "/bin/sh",
                    "-c",
                    "setpriv --reuid=evl-alpha --regid=evl-alpha --clear-groups cat \(folder)/contacts.key"
                )
                try #require(other.status != 0)
            }
        }
    }
}
