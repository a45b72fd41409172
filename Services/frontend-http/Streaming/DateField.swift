import Glibc

/// The `Date` of an answer (RFC 9110 §6.6.1), in the one form that may be sent (§5.6.7).
///
/// The text is made once a second.
struct DateField {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private var second = -1
    private var text = ""

    /// The date of this second.
    mutating func now() -> String {
        let now = time(nil)
        if now != second {
            second = now
            text = Self.text(secondsSince1970: now)
        }
        return text
    }

    /// The date of a second.
    static func text(secondsSince1970 seconds: Int) -> String {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let day = days[Int(parts.tm_wday)]
        let month = months[Int(parts.tm_mon)]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits)
        return "\(day), \(twoDigits(parts.tm_mday)) \(month) \(parts.tm_year + 1_900) "
            + clock.joined(separator: ":") + " GMT"
    }

    private static func twoDigits(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
