import TestSupport
import Testing

extension UnderSystemd {
    @Suite struct ActivationTests {
        @Test func `the first request starts the gateway and the backend, and nothing before it`()
            throws
        {
            try withMachine { machine in
                try machine.shell("systemctl stop everlock-contacts.target")
                try machine.shell("systemctl start everlock-contacts.target")
                for unit in ["frontend-http.service", "contacts-backend@alpha.service"] {
                    try #require(machine.property("ActiveState", of: unit) == "inactive")
                }

                let answer = try machine.request("GET", TestServer.book, to: "alpha")

                try #require(answer.status == 200)
                for unit in ["frontend-http.service", "contacts-backend@alpha.service"] {
                    try #require(machine.property("ActiveState", of: unit) == "active")
                    try #require(machine.property("NRestarts", of: unit) == "0")
                }
                let status = try machine.property(
                    "StatusText",
                    of: "contacts-backend@alpha.service"
                )
                try #require(status.hasPrefix("Serving"))
            }
        }

        @Test func `all of it belongs to one slice and stops and starts with one target`() throws {
            try withMachine { machine in
                for unit in ["frontend-http", "contacts-backend@alpha", "contacts-backend@beta"] {
                    let slice = try machine.property("Slice", of: "\(unit).service")
                    try #require(slice == "everlock-contacts.slice")
                }

                try machine.shell("systemctl stop everlock-contacts.target")

                for unit in ["frontend-http", "contacts-backend@alpha", "contacts-backend@beta"] {
                    for kind in ["service", "socket"] {
                        try machine.wait(
                            for: "ActiveState",
                            of: "\(unit).\(kind)",
                            toBe: "inactive"
                        )
                    }
                }
                try machine.shell("systemctl start everlock-contacts.target")
                try #require(try machine.request("GET", TestServer.book, to: "beta").status == 200)
            }
        }

        @Test func `the journal knows instance and request`() throws {
            try withMachine { machine in
                try machine.request(
                    "PUT",
                    TestServer.book + "a.vcf",
                    body: TestCard.text("A", uid: "a"),
                    to: "alpha"
                )

                try machine.shell("journalctl --sync")
                let units = try machine.shell(
                    """
                    journalctl --output=json EVERLOCK_INSTANCE=alpha SYSLOG_IDENTIFIER=contacts-backend |
                        grep -o '"_SYSTEMD_UNIT":"[^"]*"' | sort -u
                    """
                )
                try #require(units == "\"_SYSTEMD_UNIT\":\"contacts-backend@alpha.service\"")
                let requests = try machine.shell(
                    """
                    journalctl --output=cat -u frontend-http -u 'contacts-backend@*' \
                        EVERLOCK_USER=alice EVERLOCK_METHOD=PUT EVERLOCK_INSTANCE=alpha
                    """
                )
                let line = try #require(requests.split(separator: "\n").last)
                try #require(line.hasPrefix("request "))
                let path = TestServer.book + "a.vcf"
                for pair in ["method=PUT", "path=\(path)", "status=201", "user=alice"] {
                    try #require(line.split(separator: " ").contains { $0 == pair }, "\(line)")
                }
            }
        }

        @Test func `why a start failed is in the journal's line, with what helps`() throws {
            try withMachine { machine in
                try machine.write(
                    "[metrics]\nlisten = \"127.0.0.1:9464\"\n",
                    to: "/etc/everlock-contacts/gateway.toml"
                )
                _ = try machine.run("/usr/bin/systemctl", "restart", "frontend-http")

                let log = try machine.shell(
                    "journalctl --sync; journalctl --output=cat --unit=frontend-http"
                )
                let line = log.split(separator: "\n").last {
                    $0.hasPrefix("the gateway cannot start error=")
                }
                let text = try #require(line, "\(log)")
                try #require(text.contains("127.0.0.1:9464"), "\(text)")
                try #require(
                    text.contains("systemctl enable frontend-http-metrics.socket"),
                    "\(text)"
                )

                // What the line says, without another change of the settings.
                try machine.shell("systemctl enable --quiet frontend-http-metrics.socket")
                try machine.shell("systemctl restart frontend-http")
                let health = try machine.shell("curl -sSf http://127.0.0.1:9464/healthz")
                try #require(health != "")
            }
        }

        @Test func `metrics are told on their own socket, and only there`() throws {
            try withMachine { machine in
                try machine.request("GET", TestServer.book, to: "alpha")
                try machine.shell("systemctl enable --quiet frontend-http-metrics.socket")
                try machine.shell("systemctl restart frontend-http")
                try machine.request("GET", TestServer.book, to: "alpha")

                let metrics = try machine.shell("curl -sSf http://127.0.0.1:9464/metrics")
                try #require(metrics.contains("everlock_gateway_requests_total{backend=\"alpha\""))
                try #require(machine.shell("curl -sSf http://127.0.0.1:9464/healthz") != "")
                let elsewhere = try machine.request("GET", "/metrics", to: "alpha")
                try #require(elsewhere.status == 404)
            }
        }

        @Test func `systemd-analyze verify finds nothing to say`() throws {
            try withMachine(instances: []) { machine in
                let result = try machine.run(
                    "/bin/sh",
                    "-c",
                    """
                    cd /usr/lib/systemd/system && systemd-analyze verify --man=no frontend-http*.* \
                        contacts-backend@alpha.service contacts-backend@alpha.socket everlock-contacts.*
                    """
                )

                try #require(result.status == 0, "\(result.errors)")
                try #require(result.errors.isEmpty, "\(result.errors)")
            }
        }
    }
}
