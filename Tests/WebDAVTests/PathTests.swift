import Testing
import WebDAV

/// Hrefs and paths: RFC 3986.
struct PathTests {
    @Test(
        arguments: [
            ("/", [], true), ("/dav", ["dav"], false), ("/dav/", ["dav"], true),
            ("/dav/x%20y.vcf", ["dav", "x y.vcf"], false), ("/u%40h/u@h", ["u@h", "u@h"], false),
            ("/%c3%bc/%C3%BC", ["ü", "ü"], false), ("/a?b=/c/../d", ["a"], false),
            ("/a#b", ["a"], false), ("/a%3Fb%23c", ["a?b#c"], false), ("/%2541", ["%41"], false),
            ("/...", ["..."], false), ("/a;v=1", ["a;v=1"], false),
        ] as [(String, [String], Bool)]
    )
    func `a path is decoded once`(target: String, segments: [String], slash: Bool) throws {
        let path = try RequestPath(target)

        #expect(path.segments == segments)
        #expect(path.endsWithSlash == slash)
    }

    @Test(
        arguments: [
            ("http://user@host/dav/a.vcf", ["dav", "a.vcf"]), ("HTTPS://h:8443/a", ["a"]),
            ("http://h", []), ("http://h?x=/y", []), ("http://h#/y", []), ("http://[::1]/a", ["a"]),
        ] as [(String, [String])]
    )
    func `KDE: a whole URL is taken for its path`(target: String, segments: [String]) throws {
        #expect(try RequestPath(target).segments == segments)
    }

    @Test(arguments: [
        "", "a", "dav/", "*", "ftp://h/a", "a/b://c/d", "/a/b://c/d", "//", "/a//b", "//host/a",
        "/a//",
        "/%00", "/a%00.vcf", "/%0A", "/a\u{1}", "/%7f", "/%C2%85", "/a%2fb", "/a%2Fb", "/a%5Cb",
        "/a\\b", "/.", "/..", "/%2e%2e/x", "/.%2E", "/%2e", "/a/../b", "/%", "/%4", "/%zz",
        "/%+1", "/%ff", "/%C0%AF", "/%C0%80", "/%ED%A0%80", "/%E2%82", "http://h/a//b",
    ])
    func `what no path can mean is 400`(target: String) {
        #expect {
            try RequestPath(target)
        } throws: { ($0 as? Refusal)?.status == 400 }
    }

    @Test func `a slash that a mark is set on still parts segments`() throws {
        #expect(try RequestPath("/a/\u{301}b").segments == ["a", "\u{301}b"])
        #expect(try RequestPath("/\u{301}").segments == ["\u{301}"])
    }

    @Test func `RFC 9110 §15.5.15: a path beyond the limit is 414`() throws {
        let longest = "/" + String(repeating: "a", count: RequestPath.maximumBytes - 1)

        _ = try RequestPath(longest)
        #expect {
            try RequestPath(longest + "a")
        } throws: { ($0 as? Refusal)?.status == 414 }
    }

    @Test(arguments: [
        ("alice-1_2.vcf", "alice-1_2.vcf"), ("u@h~", "u@h~"), ("a b", "a%20b"), ("ü", "%C3%BC"),
        ("a+b&c=d", "a%2Bb%26c%3Dd"), ("%41", "%2541"), ("(x)'!*", "%28x%29%27%21%2A"),
    ])
    func `vdirsyncer: a name has one spelling, which reads back the same`(
        name: String,
        href: String
    ) throws {
        #expect(Href.encode(segment: name) == href)
        #expect(try Href.decode(segment: href) == name)
    }
}
