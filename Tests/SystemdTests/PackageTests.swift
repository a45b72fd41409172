import Foundation
import TestSupport
import Testing

/// The folder with the packages; see ``UnderSystemd/PackageTests``.
private let packages = ProcessInfo.processInfo.environment["EVERLOCK_PACKAGES"]

extension UnderSystemd {
    /// The Debian package, on a system that has what it depends on and nothing else.
    ///
    /// `EVERLOCK_PACKAGES` is the folder with the package, with its successor, and with the clean
    /// system's root, as `Tests/run --systemd` makes them.
    @Suite(.enabled(if: packages != nil, "no package was built: Tests/run --systemd"))
    struct PackageTests {
        private func withCleanSystem(_ body: (Machine) throws -> Void) throws {
            let folder = try #require(packages)
            let machine = try Machine(
                tree: "\(folder)/root",
                preparing: [
                    "/bin/sh", "-ec",
                    "cp -r \(folder)/first \(folder)/second $1/srv", "copy",
                ]
            )
            try within(machine, body)
        }

        /// Runs apt, without a question.
        @discardableResult
        private func apt(_ machine: Machine, _ command: String) throws -> String {
            try machine.shell(
                "DEBIAN_FRONTEND=noninteractive apt-get -q -y \(command) </dev/null 2>&1"
            )
        }

        private let first = "install /srv/first/*.deb"
        private let second = "install /srv/second/*.deb"
        private let store = "/var/lib/everlock-contacts/alpha/HEAD"

        private func addInstance(_ machine: Machine) throws {
            try machine.shell("contactsctl instance add alpha --vhost alpha.test --enable")
            let (user, password) = TestServer.writer
            let added = try machine.run(
                "contactsctl",
                "user",
                "add",
                user,
                "--instance",
                "alpha",
                "--password-stdin",
                input: "\(password)\n"
            )
            try #require(added.status == 0, "\(added.errors)")
            try machine.request("MKCOL", TestServer.home + "default/", to: "alpha")
            let put = try machine.request(
                "PUT",
                TestServer.book + "a.vcf",
                body: TestCard.text("A", uid: "a"),
                to: "alpha"
            )
            try #require(put.status == 201)
        }

        private func hasCard(_ machine: Machine) throws -> Bool {
            try machine.request("GET", TestServer.book + "a.vcf", to: "alpha").status == 200
        }

        @Test func `lintian finds nothing that is not explained`() throws {
            let folder = try #require(packages)
            let package = try Programs.run("/bin/sh", ["-c", "ls \(folder)/first/*.deb"])

            let result = try Programs.run(
                "/usr/bin/lintian",
                ["--fail-on", "error,warning", package.output.trimmingCharacters(in: .newlines)]
            )

            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }

        @Test func `a package that was just installed serves an instance that is added`() throws {
            try withCleanSystem { machine in
                try apt(machine, first)

                for unit in ["everlock-contacts.target", "frontend-http.socket"] {
                    try #require(machine.property("ActiveState", of: unit) == "active")
                    try #require(machine.shell("systemctl is-enabled \(unit)") == "enabled")
                }
                try addInstance(machine)
                try #require(try hasCard(machine))
                for program in ["frontend-http", "contacts-backend", "contactsctl"] {
                    try machine.shell("/usr/bin/\(program) --help")
                }
            }
        }

        @Test func `an upgrade under load fails no request and loses no card`() throws {
            try withCleanSystem { machine in
                try apt(machine, first)
                try machine.setUp(instances: ["alpha", "beta"])
                let processes = try ["frontend-http", "contacts-backend@alpha"].map {
                    try machine.property("MainPID", of: "\($0).service")
                }

                let (own, other) = try Callers.calling(machine, ["alpha", "beta"]) { crew in
                    try apt(machine, second)
                    try crew.wait(for: crew.done + 40)
                }

                Effort.report("an upgrade: \(own); the other instance: \(other)")
                for tally in [own, other] {
                    try #require(tally.failures.isEmpty, "\(tally.failures.prefix(5))")
                    try #require(tally.lost.isEmpty, "\(tally.lost)")
                }
                let now = try ["frontend-http", "contacts-backend@alpha"].map {
                    try machine.property("MainPID", of: "\($0).service")
                }
                try #require(zip(processes, now).allSatisfy { $0 != $1 })
            }
        }

        @Test func `removal keeps the data, and a later installation goes on with it`() throws {
            try withCleanSystem { machine in
                try apt(machine, first)
                try addInstance(machine)

                try apt(machine, "remove everlock-contacts")

                let left = try machine.shell(
                    "systemctl list-units --no-legend '*everlock*' '*contacts*'"
                )
                try #require(!left.contains("running") && !left.contains("listening"), "\(left)")
                #expect(throws: HTTPTrouble.self) { try machine.connection() }
                try machine.shell(
                    "test -e \(store) && test -s /etc/everlock-contacts/contacts.toml"
                )

                try apt(machine, first)
                try #require(try hasCard(machine))
            }
        }

        @Test func `a purge without an answer keeps the data`() throws {
            try withCleanSystem { machine in
                try apt(machine, first)
                try addInstance(machine)
                try machine.shell("echo '# mine' >>/etc/everlock-contacts/gateway.toml")

                try apt(machine, "purge everlock-contacts")

                try machine.shell("test -e \(store) && test -s /etc/everlock-contacts/users.toml")
                try machine.shell("grep -q mine /etc/everlock-contacts/gateway.toml")
                try apt(machine, first)
                try #require(try hasCard(machine))
            }
        }

        @Test func `a purge that was told to removes the data`() throws {
            try withCleanSystem { machine in
                try apt(machine, first)
                try addInstance(machine)
                try machine.shell(
                    """
                    echo 'everlock-contacts everlock-contacts/remove-data boolean true' |
                        debconf-set-selections
                    """
                )

                try apt(machine, "purge everlock-contacts")

                let left = try machine.shell(
                    """
                    find /var/lib /etc /usr /run -path '*everlock*' ! -path '/run/systemd/*' \
                        ! -path '/usr/share/lintian/*'
                    """
                )
                try #require(left.isEmpty, "\(left)")
            }
        }
    }
}
