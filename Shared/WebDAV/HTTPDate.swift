/// Dates as headers and properties have them, in UTC.
///
/// A time outside the years 0 to 9999, which neither form can write, becomes the nearest inside.
public enum HTTPDate {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7), for `Last-Modified` and
    /// `getlastmodified`.
    public static func format(secondsSince1970 seconds: Int64) -> String {
        let date = CivilDate(secondsSince1970: seconds)
        return "\(days[date.weekday]), \(pad(date.day)) \(months[date.month - 1]) "
            + "\(pad(date.year, 4)) \(time(date)) GMT"
    }

    /// `1994-11-06T08:49:37Z` (RFC 3339), for `creationdate` (RFC 4918 §15.1).
    public static func iso8601(secondsSince1970 seconds: Int64) -> String {
        let date = CivilDate(secondsSince1970: seconds)
        return "\(pad(date.year, 4))-\(pad(date.month))-\(pad(date.day))T\(time(date))Z"
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func time(_ date: CivilDate) -> String {
        "\(pad(date.hour)):\(pad(date.minute)):\(pad(date.second))"
    }

    private static func pad(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
