import Testing

@testable import FrontendHTTP

struct DateFieldTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `RFC 9110 §5.6.7: a date has the one form that may be sent`(seconds: Int, text: String) {
        #expect(DateField.text(secondsSince1970: seconds) == text)
    }
}
