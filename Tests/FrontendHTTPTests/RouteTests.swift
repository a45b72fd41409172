import Settings
import Testing

@testable import FrontendHTTP

/// Where a request goes, before anybody knows who asks.
struct RouteTests {
    private static func vhosts(_ text: String) throws(SettingsError) -> Vhosts {
        Vhosts(try ContactsSettings(bytes: Array(text.utf8), file: "contacts.toml"))
    }

    private static let two = """
        [instances.default]
        vhosts = ["contacts.example.com", "[::1]"]
        [instances.work]
        vhosts = ["work.example.com"]
        """

    @Test(arguments: [
        ("/", Route.redirect(to: "/dav/")), ("/?a", .redirect(to: "/dav/")),
        ("/.well-known/carddav", .redirect(to: "/dav/")),
        ("/.well-known/carddav/", .redirect(to: "/dav/")), ("/dav", .forward(instance: "default")),
        ("/dav/", .forward(instance: "default")), ("/dav/a?b=/../", .forward(instance: "default")),
        ("/davx", .refuse(status: 404, reason: "address books lie under /dav/")),
        ("/.well-known/caldav", .refuse(status: 404, reason: "address books lie under /dav/")),
        ("/dav/../etc", .refuse(status: 400, reason: "the request target is not accepted")),
    ])
    func `RFC 6764 §5: a path leads to the backend, to the root of the books, or nowhere`(
        target: String,
        route: Route
    ) throws {
        let vhosts = try Self.vhosts(Self.two)

        #expect(Route.of(target, host: "contacts.example.com", vhosts: vhosts) == route)
    }

    @Test(arguments: [
        ("contacts.example.com", "default"), ("CONTACTS.Example.com:8443", "default"),
        ("contacts.example.com.", "default"), ("contacts.example.com.:80", "default"),
        ("[::1]", "default"), ("[::1]:8080", "default"), ("work.example.com", "work"),
        ("work.example.com:", "work"),
    ])
    func `RFC 9110 §7.2: a host leads to its instance, whatever its case and port`(
        host: String,
        instance: String
    ) throws {
        let vhosts = try Self.vhosts(Self.two)

        #expect(Route.of("/dav/", host: host, vhosts: vhosts) == .forward(instance: instance))
    }

    @Test func `RFC 9110 §15.5.20: a host that is not served is refused with 421`() throws {
        let refusal = Route.refuse(status: 421, reason: "this host is not served here")
        for text in [
            Self.two, "enabled = false\n" + Self.two + "\n[instances.all]\nvhosts = [\"*\"]",
        ] {
            #expect(
                Route.of("/dav/", host: "other.example.com", vhosts: try Self.vhosts(text))
                    == refusal
            )
        }
    }

    @Test(arguments: [
        ("a.example.com", "sub"), ("A.Example.COM:443", "sub"), ("named.example.com", "one"),
        ("example.com", nil), ("a.b.example.com", nil), ("aexample.com", nil),
    ])
    func `RFC 6125 §6.4.3: a star stands for one label, and a name goes before it`(
        host: String,
        instance: String?
    ) throws {
        let vhosts = try Self.vhosts(
            """
            [instances.sub]
            vhosts = ["*.example.com"]
            [instances.one]
            vhosts = ["named.example.com"]
            """
        )

        #expect(vhosts.instance(ofName: Vhosts.name(of: host) ?? "") == instance)
    }

    @Test func `a host that no instance names leads to the one of all hosts, where there is one`()
        throws
    {
        let vhosts = try Self.vhosts(Self.two + "\n[instances.rest]\nvhosts = [\"*\"]\n")

        #expect(Route.of("/dav/", host: "x", vhosts: vhosts) == .forward(instance: "rest"))
        #expect(
            Route.of("/dav/", host: "work.example.com", vhosts: vhosts)
                == .forward(instance: "work")
        )
    }

    @Test(arguments: [
        nil, "", ":80", ".", "a:65536", "a:000080", "a b", "a/b", "user@a", "a:b", "a:80:80", "a:٣",
        "é", "[::1", "[::1]x",
        "::1", "a[", String(repeating: "a", count: 254),
    ])
    func `RFC 9112 §3.2: a request without one host that makes sense is refused`(
        host: String?
    ) throws {
        let vhosts = try Self.vhosts("[instances.all]\nvhosts = [\"*\"]\n")

        #expect(
            Route.of("/dav/", host: host, vhosts: vhosts)
                == .refuse(status: 400, reason: "a request names one host in its Host header")
        )
    }

    // MARK: Targets

    @Test(arguments: [
        ("/", "/"), ("/dav/a%20b", "/dav/a%20b"), ("/a?b?c", "/a"), ("/a/...", "/a/..."),
        ("/.a/b.", "/.a/b."), ("/%2ea", "/%2ea"), ("//a//", "//a//"), ("/a%3F", "/a%3F"),
        ("/%C3%A9", "/%C3%A9"), ("/a?../..", "/a"),
    ])
    func `a target that can be read in one way only is taken, without its query`(
        target: String,
        path: String
    ) {
        #expect(TargetCheck.path(of: target).map(String.init) == path)
    }

    @Test(arguments: [
        "", "*", "a", "http://a/", "/a b", "/é", "/a#b", "/a\\b", "/\0", "/a%", "/a%2", "/%zz",
        "/%00", "/%0a", "/%1F", "/%7f", "/a%2fb", "/a%2Fb", "/%5C", "/.", "/..", "/a/./b",
        "/a/../b",
        "/%2e", "/%2E%2e/", "/.%2e", "/%2E.", "/a/..?b", "/%C0%AF", "/%c0%ae%c0%ae/", "/%E0%80%AF",
        "/%FF", "/%C3", "/%ED%A0%80", "/%F5%80%80%80", "/a%80",
    ])
    func `a target that could be read in two ways is refused`(target: String) {
        #expect(TargetCheck.path(of: target) == nil)
    }

    @Test func `RFC 9110 §15.5.15: a target has so many bytes and not one more`() throws {
        let vhosts = try Self.vhosts(Self.two)
        let full = "/dav/" + String(repeating: "a", count: 95)

        #expect(
            Route.of(full, host: "[::1]", vhosts: vhosts, maximumBytes: 100)
                == .forward(instance: "default")
        )
        #expect(
            Route.of(full + "a", host: "[::1]", vhosts: vhosts, maximumBytes: 100)
                == .refuse(status: 414, reason: "the request target is too long")
        )
    }
}
