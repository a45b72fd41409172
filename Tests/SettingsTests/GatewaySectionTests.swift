import Testing

@testable import Settings

@Suite
struct `Sections of gateway.toml` {
    @Test
    func `every key of every section can be set`() throws {
        let settings = try gateway(
            """
            [backends]
            connections = 7
            queue = 0
            wait = "250ms"
            buffered = "64M"
            [rates]
            queries = 3
            burst = 4
            concurrent = 5
            [log]
            requests = "off"
            adopt_request_ids = true
            [metrics]
            listen = "127.0.0.1:9464"
            [cors."Contacts.Example.com"]
            origins = ["https://app.example.com", "http://localhost:3000", "http://[::1]"]
            max_age = "1m"
            [cors."*"]
            origins = ["*"]
            """
        )

        #expect(settings.backends.connections == 7)
        #expect(settings.backends.queue == 0)
        #expect(settings.backends.wait == .milliseconds(250))
        #expect(settings.backends.buffered == 64 << 20)
        #expect(settings.rates.queries == 3)
        #expect(settings.rates.burst == 4)
        #expect(settings.rates.concurrent == 5)
        #expect(settings.log.requests == .off)
        #expect(settings.log.adoptsRequestIDs)
        #expect(settings.metrics.listen == .loopback(address: "127.0.0.1", port: 9_464))
        #expect(settings.cors.map(\.host) == ["contacts.example.com", "*"])
        #expect(settings.cors.map(\.allowsEveryOrigin) == [false, true])
        #expect(settings.cors[0].maximumAge == .seconds(60))
    }

    @Test
    func `nothing is told and no page allowed unless asked for`() throws {
        let settings = try gateway("")

        #expect(settings.metrics.listen == nil)
        #expect(settings.cors.isEmpty)
        #expect(!settings.log.adoptsRequestIDs)
    }

    @Test(arguments: [
        ("[::1]:0", MetricsSettings.Place.loopback(address: "::1", port: 0)),
        ("127.1.2.3:65535", .loopback(address: "127.1.2.3", port: 65_535)),
        ("unix:/run/a.sock", .unix(path: "/run/a.sock")),
    ])
    func `metrics are told on the loopback or on a Unix socket`(
        _ text: String,
        _ place: MetricsSettings.Place
    ) throws {
        #expect(try gateway("[metrics]\nlisten = \"\(text)\"\n").metrics.listen == place)
    }

    @Test(arguments: [
        "0.0.0.0:9464", "[::]:9464", "localhost:9464", "127.0.0.1", "127.0.0.1:65536",
        "127.0.0.1.evil.example:1", "127.0.0:1", "unix:run/a.sock", "unix:", "",
        "unix:/" + String(repeating: "a", count: 107),
    ])
    func `metrics are told nowhere else`(_ text: String) {
        #expect(throws: SettingsError.self) {
            try gateway("[metrics]\nlisten = \"\(text)\"\n")
        }
    }

    @Test(arguments: [
        "https://contacts.example.com", "contacts.example.com:8443", "", "a..example", "a b",
        "*.", "*.*", "contacts.*", "[::1", "contacts.example.com/dav",
    ])
    func `web pages use a host of the form that vhosts have, and no other`(_ host: String) {
        let error = #expect(throws: SettingsError.self) {
            try gateway("[cors.\(TOMLText.quote(host))]\norigins = [\"*\"]\n")
        }
        #expect(error?.key == "cors.\(TOMLText.key(host))")
        #expect(error?.line == 1)
    }

    @Test
    func `a host has one section, however it is spelled`() throws {
        let error = #expect(throws: SettingsError.self) {
            try gateway(
                """
                [cors."a.example"]
                origins = ["*"]
                [cors."A.Example."]
                origins = ["https://app.example.com"]
                """
            )
        }
        #expect(error?.key == #"cors."A.Example.""#)
        #expect(error?.line == 3)

        let cors = try gateway("[cors.\"*.Example.com.\"]\norigins = [\"*\"]\n").cors
        #expect(cors.map(\.host) == ["*.example.com"])
    }

    @Test(arguments: [
        #"["https://a.example:8443"]"#, #"["http://a.example:443", "https://[::1]:80"]"#,
        #"["moz-extension://6b4e2c9a-0a8e-4b63-8a55-0a3f9e0b7c11"]"#, #"["capacitor://localhost"]"#,
    ])
    func `origins are taken as browsers write them`(_ origins: String) throws {
        #expect(try gateway("[cors.\"a\"]\norigins = \(origins)\n").cors.count == 1)
    }

    @Test(arguments: [
        #"["https://a.example:443"]"#, #"["http://a.example:80"]"#, #"["https://a.example:"]"#,
        #"["https://a.example:0443"]"#, #"["https://a.example:65536"]"#, #"["https://a:b:c"]"#,
        #"["https://*.example"]"#, #"["https://*"]"#, #"["1https://a.example"]"#,
        #"[]"#, #"["*", "https://a.example"]"#, #"["https://a.example/"]"#, #"["a.example"]"#,
        #"["https://A.example"]"#, #"["https://"]"#, #"["https://a.example/path"]"#, #"["null"]"#,
        #""https://a.example""#,
    ])
    func `what is no origin is refused`(_ origins: String) {
        let error = #expect(throws: SettingsError.self) {
            try gateway("[cors.\"a\"]\norigins = \(origins)\n")
        }
        #expect(error?.key == "cors.a.origins")
    }

    @Test(arguments: [
        "[backends]\nconnections = 0\n", "[backends]\nconnections = 121\n",
        "[backends]\nwait = \"0s\"\n", "[backends]\nbuffered = \"1K\"\n",
        "[rates]\nburst = 0\n", "[log]\nrequests = \"warning\"\n", "[cors.\"a\"]\n",
        "[metrics]\nport = 1\n",
    ])
    func `values out of range, keys that are missing or unknown are refused`(_ text: String) {
        #expect(throws: SettingsError.self) { try gateway(text) }
    }
}
