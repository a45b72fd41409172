import Testing

@testable import Settings

@Suite
struct `Settings of the gateway's transport` {
    @Test
    func `without a file there are limits, and no certificate, proxy or redirect`() throws {
        let settings = try gateway("")

        #expect(settings.limits.connections == 10_000)
        #expect(settings.limits.bodyBytes == 16 << 20)
        #expect(settings.times.head == .seconds(15))
        #expect(settings.certificates.isEmpty)
        #expect(!settings.tls.redirects)
        #expect(settings.proxy.trusted.isEmpty)
        #expect(!settings.proxy.trustsUnixSockets)
        #expect(settings.answers.compresses)
        #expect(settings.answers.server.isEmpty)
    }

    @Test
    func `certificates come in order, and lead to https`() throws {
        let settings = try gateway(
            """
            [[certificate]]
            chain = "/tls/a.pem"
            key = "credential:a.key"
            [[certificate]]
            chain = "b.pem"
            key = "b.key"
            [tls]
            minimum = "1.3"
            hsts = "180d"
            """
        )

        #expect(settings.certificates.map(\.chain) == ["/tls/a.pem", "b.pem"])
        #expect(settings.certificates.map(\.line) == [2, 5])
        #expect(settings.tls.redirects)
        #expect(settings.tls.minimum == .tls13)
        #expect(settings.tls.strictTransport == .seconds(180 * 86_400))
    }

    @Test(arguments: [
        ("/a/b", "/a/b"), ("b", "/etc/x/b"), ("credential:k", "/run/c/k"),
    ])
    func `a path begins at the folder, or is a credential`(text: String, path: String) {
        #expect(
            CertificateSettings.path(of: text, folder: "/etc/x", credentials: "/run/c") == path
        )
    }

    @Test
    func `a credential needs a folder of them`() {
        #expect(
            CertificateSettings.path(of: "credential:k", folder: "/etc/x", credentials: nil) == nil
        )
    }

    @Test(arguments: [
        ("[[certificate]]\nchain = \"a\"\n", "gateway.toml: certificate.key: must name a file"),
        ("[[certificate]]\nchain = \"credential:../a\"\nkey = \"k\"\n", "must name a credential"),
        ("[[certificate]]\nchain = \"a\"\nkey = \"b\"\nhost = \"c\"\n", "is not a known key"),
        ("[certificate]\nchain = \"a\"\n", "write [[certificate]]"),
        ("certificate = [1]\n", "must be tables"),
        ("[tls]\nminimum = \"1.1\"\n", "\"1.2\", \"1.3\""),
        ("[tls]\nport = 0\n", "from 1 to 65535"), ("[tls]\nredirect = \"yes\"\n", "true or false"),
        ("[proxy]\ntrusted = [\"10.0.0.1/8\"]\n", "\"10.0.0.1/8\" is no address"),
        ("[proxy]\ntrusted = [\"localhost\"]\n", "\"localhost\" is no address"),
        ("[proxy]\nprotocol = true\n", "needs somebody who is trusted"),
        ("[proxy]\nheaders = \"both\"\n", "\"x-forwarded\", \"forwarded\", \"none\""),
        ("[limits]\nstreams = 0\n", "from 1 to 1000"),
        ("[limits]\nbody = \"1G\"\n", "from 1K to 64M"),
        ("[answers]\nserver = \"a\\nb\"\n", "ASCII"),
        ("[answers]\ngzip_level = 0\n", "from 1 to 9"),
    ])
    func `what is wrong is named with its remedy`(text: String, part: String) {
        let error = #expect(throws: SettingsError.self) { try gateway(text) }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("2001:db8::/32", "2001:db8:1::9", true), ("2001:db8::/32", "2001:db9::1", false),
        ("::/0", "2001:db8::1", true), ("::1", "::1", true),
        ("2001:db8::/64", "2001:db8::1:0:0:0:1", false),
        ("192.0.2.0/25", "192.0.2.127", true), ("192.0.2.0/25", "192.0.2.128", false),
        ("10.0.0.0/8", "::ffff:10.1.1.1", true),
    ])
    func `a range has the addresses that begin alike`(
        range: String,
        address: String,
        isIn: Bool
    ) throws {
        #expect(try #require(IPAddressRange(range)).contains(#require(IPAddress(address))) == isIn)
    }

    @Test(arguments: [
        "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0/8", "2001:db8::/129", "a",
        "10.0.0.1 ",
        "fe80::1%eth0", "10.0.0.0/+8", "10.0.0.0/08888",
    ])
    func `what is no range is refused`(text: String) {
        #expect(IPAddressRange(text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("2001:DB8:0:0::7", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ])
    func `RFC 5952 §4: an address has one spelling`(text: String, spelling: String) {
        #expect(IPAddress(text)?.description == spelling)
    }

    @Test
    func `RFC 6177 §2: a line of IPv6 is counted as one client`() throws {
        let one = try #require(IPAddress("2001:db8:1:2:3::4"))
        let two = try #require(IPAddress("2001:db8:1:2:ffff::9"))
        let other = try #require(IPAddress("2001:db8:1:3::4"))

        #expect(one.network == two.network)
        #expect(one.network != other.network)
        #expect(IPAddress("127.8.9.1")?.isLoopback == true)
        #expect(IPAddress("::1")?.isLoopback == true)
        #expect(IPAddress("128.0.0.1")?.isLoopback == false)
    }

    @Test(arguments: [
        ("*.Example.com", "*.example.com"), ("*", "*"), ("*.a", "*.a"), ("*.*.a", nil),
        ("a.*.b", nil),
        ("*a.b", nil), ("*.", nil), ("*.[::1]", nil),
    ])
    func `a star may stand for the first label of a vhost`(text: String, host: String?) {
        #expect(InstanceSettings.host(text) == host)
    }
}
