import Testing

@testable import Settings

@Suite
struct `Settings of the gateway` {
    @Test
    func `a file that is not there gives every default`() throws {
        let settings = try GatewaySettings.load(path: "/nowhere/gateway.toml")
        #expect(settings == (try gateway("")))
        #expect(settings.times.stall == .seconds(60))
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("90s", .seconds(90)), ("5m", .seconds(300)),
        ("1h", .seconds(3_600)), ("2d", .seconds(172_800)),
    ])
    func `times have a unit`(_ text: String, _ time: Duration) {
        #expect(TimeText.duration(text) == time)
        #expect(TimeText.text(time) == text)
    }

    @Test(arguments: ["", "5", "s", "-1s", "1.5s", "5 s", "5S", "1234567890s", "5µs"])
    func `what is no time is refused`(_ text: String) {
        #expect(TimeText.duration(text) == nil)
    }

    @Test(arguments: [("16M", 16 << 20), ("4K", 4_096), ("1G", 1 << 30), ("100", 100)])
    func `sizes may have a unit`(_ text: String, _ bytes: Int) {
        #expect(SizeText.bytes(text) == bytes)
        #expect(SizeText.text(bytes) == text)
    }

    @Test(arguments: ["", "M", "-1", "1.5M", "16MB", "16 M", "1234567890"])
    func `what is no size is refused`(_ text: String) {
        #expect(SizeText.bytes(text) == nil)
    }

    @Test
    func `a time out of its range names line, range and remedy`() {
        let error = #expect(throws: SettingsError.self) {
            try gateway("\n[times]\nstall = \"2h\"\n")
        }
        #expect(
            error?.description
                == "gateway.toml:3: times.stall: must be a time from 1s to 1h; write stall = \"1m\""
        )
    }

    @Test
    func `an unknown key or section is refused`() {
        #expect(throws: SettingsError.self) { try gateway("[time]\n") }
        #expect(throws: SettingsError.self) { try gateway("[times]\nstal = \"1s\"\n") }
        #expect(throws: SettingsError.self) { try gateway("times = 1\n") }
    }
}
