import Settings
import Testing

struct IdleExitTests {
    private static func read(_ top: String, _ own: String) throws -> [Duration?] {
        try contacts(
            "\(top)\n[instances.a]\nvhosts = ['a']\n\(own)\n[instances.b]\nvhosts = ['b']\n"
        )
        .instances.map(\.idleExit)
    }

    @Test func `idle_exit is ten minutes, that of the file, or the instance's own`() throws {
        #expect(try Self.read("", "") == [.seconds(600), .seconds(600)])
        #expect(try Self.read("idle_exit = '1h'", "") == [.seconds(3_600), .seconds(3_600)])
        #expect(
            try Self.read("idle_exit = '1h'", "idle_exit = '90s'") == [
                .seconds(90), .seconds(3_600),
            ]
        )
        #expect(try Self.read("idle_exit = 'never'", "idle_exit = '1s'") == [.seconds(1), nil])
        #expect(try Self.read("", "idle_exit = 'never'") == [nil, .seconds(600)])
    }

    @Test(arguments: [
        "600", "'10'", "'0s'", "'999ms'", "'31d'", "'-1s'", "'ten minutes'", "''", "true",
        "'Never'",
    ])
    func `what is no time and not never is refused with key, range and remedy`(
        _ value: String
    ) throws {
        let error = try #require(throws: SettingsError.self) {
            try Self.read("", "idle_exit = \(value)")
        }

        #expect(error.line == 4)
        #expect(error.key == "instances.a.idle_exit")
        #expect(error.problem == "must be a time from 1s to 30d, or never")
        #expect(error.remedy == "write idle_exit = \"10m\"")
    }
}
