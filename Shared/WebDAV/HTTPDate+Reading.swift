extension HTTPDate {
    /// Reads a date in any of the three forms of RFC 9110 §5.6.7; the day of the week is not looked
    /// at.
    ///
    /// A year of two digits is of 1970 to 2069.
    ///
    /// - Returns: Seconds since 1970, or `nil` for what is no date: a condition by it is then as if
    ///   it were not there (RFC 9110 §13.1.3).
    public static func seconds(_ text: String) -> Int64? {
        guard text.utf8.count <= 40 else { return nil }
        let parts = text.split { ", -".contains($0) }.map(String.init)
        switch parts.count {
        // Sun, 06 Nov 1994 08:49:37 GMT and Sunday, 06-Nov-94 08:49:37 GMT
        case 6 where parts[5] == "GMT":
            return seconds(year: parts[3], month: parts[2], day: parts[1], time: parts[4])
        // Sun Nov  6 08:49:37 1994
        case 5: return seconds(year: parts[4], month: parts[1], day: parts[2], time: parts[3])
        default: return nil
        }
    }

    private static func seconds(
        year: String,
        month: String,
        day: String,
        time: String
    ) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(number)
        guard var year = number(year), let month = months.firstIndex(of: month),
            let day = number(day), (1...31).contains(day), clock.count == 3,
            let hour = clock[0], let minute = clock[1], let second = clock[2],
            hour < 24, minute < 60, second <= 60
        else { return nil }
        if year < 100 { year += year < 70 ? 2_000 : 1_900 }
        let days = CivilDate.days(year: year, month: month + 1, day: day)
        return Int64(days * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    /// A number of one to four digits.
    private static func number(_ digits: some StringProtocol) -> Int? {
        guard (1...4).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(digits)
    }
}
