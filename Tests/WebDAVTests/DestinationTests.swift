import Testing
import WebDAV

/// RFC 4918 §10.3, §10.6.
struct DestinationTests {
    @Test(arguments: [
        ("/dav/a", "h"), ("http://h/dav/a", "h"), ("HTTPS://H:443/dav/a?q#f", "h"),
        ("http://u:p@h:8080/dav/a", "H:8080"), ("https://h/dav/a", "h:80"),
        ("http://[::1]:8080/dav/a", "[::1]:8080"),
    ])
    func `RFC 4918 §10.3: a path or a URL of this host names a place`(
        header: String,
        authority: String
    ) throws {
        #expect(try Destination.path(header, authority: authority).segments == ["dav", "a"])
    }

    @Test(arguments: [
        ("http://other/dav/a", 502), ("http://h:81/dav/a", 502), ("http://h@other/dav/a", 502),
        ("http://h.other/dav/a", 502), ("http:///dav/a", 502), ("ftp://h/dav/a", 502),
        ("//h/dav/a", 502), ("dav/a", 502), ("http://h/dav/%zz", 400), ("http://h/dav//a", 400),
    ])
    func `RFC 4918 §9.8.5: another server is refused with 502, a bad path with 400`(
        header: String,
        status: Int
    ) {
        #expect { try Destination.path(header, authority: "h") } throws: {
            ($0 as? Refusal)?.status == status
        }
    }

    @Test func `RFC 4918 §10.3: COPY and MOVE need a Destination`() {
        for header in [nil, ""] {
            #expect { try Destination.path(header, authority: "h") } throws: {
                ($0 as? Refusal)?.status == 400
            }
        }
    }

    @Test func `RFC 4918 §10.6: Overwrite is T where it is not given`() throws {
        #expect(try Destination.mayOverwrite(nil))
        #expect(try Destination.mayOverwrite("T"))
        #expect(try !Destination.mayOverwrite("F"))
        #expect { try Destination.mayOverwrite("yes") } throws: { ($0 as? Refusal)?.status == 400 }
    }
}
