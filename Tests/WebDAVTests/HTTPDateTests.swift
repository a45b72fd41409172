import Testing
import WebDAV

/// Dates of headers and properties.
struct HTTPDateTests {
    @Test(
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT", "1969-12-31T23:59:59Z"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT", "2000-02-29T00:00:00Z"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT", "2100-03-01T00:00:00Z"),
            (-62_167_219_200, "Sat, 01 Jan 0000 00:00:00 GMT", "0000-01-01T00:00:00Z"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59Z"),
        ] as [(Int64, String, String)]
    )
    func `RFC 9110 §5.6.7: a second has one spelling`(
        seconds: Int64,
        header: String,
        property: String
    ) {
        #expect(HTTPDate.format(secondsSince1970: seconds) == header)
        #expect(HTTPDate.iso8601(secondsSince1970: seconds) == property)
    }

    @Test func `a time beyond all years becomes the nearest that can be written`() {
        #expect(HTTPDate.iso8601(secondsSince1970: .min) == "0000-01-01T00:00:00Z")
        #expect(HTTPDate.iso8601(secondsSince1970: .max) == "9999-12-31T23:59:59Z")
    }
}

struct HTTPDateReadingTests {
    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ])
    func `RFC 9110 §5.6.7: a date is read in any of its three forms`(text: String) {
        #expect(HTTPDate.seconds(text) == 784_111_777)
    }

    @Test(arguments: [0, 951_782_400, 1_709_164_799, 4_107_542_400, 784_111_777] as [Int64])
    func `RFC 9110 §5.6.7: what was written is read as it was`(seconds: Int64) {
        #expect(HTTPDate.seconds(HTTPDate.format(secondsSince1970: seconds)) == seconds)
    }

    @Test(arguments: [
        "", "yesterday", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 99999 08:49:37 GMT", "784111777",
    ])
    func `RFC 9110 §13.1.3: what is no date is none`(text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }
}
