/// Dates as headers and properties have them, in UTC.
///
/// A time outside the years 0 to 9999, which neither form can write, becomes the nearest inside. A
/// listing writes one or two for each card, so that the digits are put down one by one.
public enum HTTPDate {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7), for `Last-Modified` and
    /// `getlastmodified`.
    public static func format(secondsSince1970 seconds: Int64) -> String {
        let date = CivilDate(secondsSince1970: seconds)
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text += days[date.weekday].utf8
        text += ", ".utf8
        append(date.day, 2, to: &text)
        text.append(UInt8(ascii: " "))
        text += months[date.month - 1].utf8
        text.append(UInt8(ascii: " "))
        append(date.year, 4, to: &text)
        text.append(UInt8(ascii: " "))
        append(timeOf: date, to: &text)
        text += " GMT".utf8
        return String(decoding: text, as: UTF8.self)
    }

    /// `1994-11-06T08:49:37Z` (RFC 3339), for `creationdate` (RFC 4918 §15.1).
    public static func iso8601(secondsSince1970 seconds: Int64) -> String {
        let date = CivilDate(secondsSince1970: seconds)
        var text: [UInt8] = []
        text.reserveCapacity(20)
        append(date.year, 4, to: &text)
        text.append(UInt8(ascii: "-"))
        append(date.month, 2, to: &text)
        text.append(UInt8(ascii: "-"))
        append(date.day, 2, to: &text)
        text.append(UInt8(ascii: "T"))
        append(timeOf: date, to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func append(timeOf date: CivilDate, to text: inout [UInt8]) {
        append(date.hour, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append(date.minute, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append(date.second, 2, to: &text)
    }

    /// A number that is not negative, with so many digits.
    private static func append(_ number: Int, _ width: Int, to text: inout [UInt8]) {
        if width > 2 { append(number / 100, width - 2, to: &text) }
        text.append(UInt8(ascii: "0") + UInt8(number / 10 % 10))
        text.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
