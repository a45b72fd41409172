import Settings
import Testing

/// `[auth]`, `[throttle]` and `[oauth]` of `gateway.toml`.
struct AuthenticationSettingsTests {
    private static let issuer = """
        [oauth.scopes]
        "contacts.read" = "reader"
        [oauth.issuers.home]
        issuer = "https://id.example.com/"
        audience = "contacts"
        keys = "https://id.example.com/jwks.json"

        """

    @Test func `what is not written has a default`() throws {
        let settings = try gateway("")

        #expect(settings.auth.plaintext == .loopback)
        #expect(settings.auth.remember == .seconds(300))
        #expect(settings.throttle.addressFailures == 5)
        #expect(settings.throttle.userFailures == 10)
        #expect(settings.throttle.firstDelay == .seconds(1))
        #expect(settings.throttle.longestDelay == .seconds(300))
        #expect(settings.throttle.forgetAfter == .seconds(3_600))
        #expect(settings.oauth.issuers.isEmpty)
    }

    @Test func `an issuer comes with what it leaves out`() throws {
        let settings = try gateway(Self.issuer).oauth
        let issuer = try #require(settings.issuers.first)

        #expect(settings.scopes.map(\.name) == ["contacts.read"])
        #expect(settings.scopes.map(\.role) == ["reader"])
        #expect(issuer.name == "home")
        #expect(issuer.keys == .url("https://id.example.com/jwks.json"))
        #expect(issuer.algorithms == OAuthIssuerSettings.knownAlgorithms)
        #expect(issuer.userClaim == "sub")
        #expect(issuer.scopeClaim == "scope")
        #expect(!issuer.takesAnyType)
        #expect(issuer.refresh == .seconds(3_600))
        #expect(issuer.retry == .seconds(30))
    }

    @Test(arguments: [
        ("/etc/jwks.json", OAuthIssuerSettings.Keys.file("/etc/jwks.json")),
        ("http://127.0.0.1:8080/j", .url("http://127.0.0.1:8080/j")),
        ("http://localhost/j", .url("http://localhost/j")),
    ])
    func `keys are in a file or at a URL`(_ text: String, _ keys: OAuthIssuerSettings.Keys) throws {
        let settings = Self.issuer.replacing("https://id.example.com/jwks.json", with: text)

        #expect(try gateway(settings).oauth.issuers.first?.keys == keys)
    }

    @Test(arguments: [
        "jwks.json", "http://id.example.com/j", "http://localhost.evil.com/j", "https://",
        "ftp://x",
        "http://127.0.0.1.evil.com/",
    ])
    func `keys that anybody on the way could change are refused`(_ text: String) {
        let settings = Self.issuer.replacing("https://id.example.com/jwks.json", with: text)

        #expect(throws: SettingsError.self) { try gateway(settings) }
    }

    @Test(arguments: [
        "[auth]\nplaintext = \"nowhere\"\n", "[auth]\nplaintext = true\n",
        "[auth]\nremember = \"2h\"\n", "[auth]\nx = 1\n",
        "[throttle]\naddress_failures = 0\n", "[throttle]\nfirst_delay = \"10m\"\n",
        "[oauth.issuers.a]\nissuer = \"i\"\naudience = \"a\"\nkeys = \"/k\"\n",
        issuer + "algorithms = [\"none\"]\n", issuer + "algorithms = [\"HS256\"]\n",
        issuer + "algorithms = []\n", issuer + "unknown = 1\n",
        issuer.replacing("audience = \"contacts\"", with: ""),
        issuer + "[oauth.issuers.b]\nissuer = \"https://id.example.com/\"\naudience = \"a\"\n"
            + "keys = \"/k\"\n",
    ])
    func `a wrong value, an algorithm with a shared secret, an issuer twice are refused`(
        _ text: String
    ) {
        #expect(throws: SettingsError.self) { try gateway(text) }
    }
}
