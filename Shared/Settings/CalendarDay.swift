/// A day of the calendar, in UTC.
public struct CalendarDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The days since 1 January 1970.
    public let daysSince1970: Int

    /// The day of this number.
    public init(daysSince1970: Int) {
        self.daysSince1970 = daysSince1970
    }

    /// Reads `2026-11-21`.
    ///
    /// - Returns: `nil` for any other form, and for a day that the calendar does not have.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2],
            parts.joined().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let day = CalendarDay(year: numbers[0], month: numbers[1], day: numbers[2])
        guard (1...12).contains(numbers[1]), day.description == text else { return nil }
        self = day
    }

    /// The day before another comes earlier.
    public static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }

    /// `2026-11-21`.
    public var description: String {
        let (year, month, day) = civil
        return Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(day, 2)
    }

    /// The day that a moment lies in.
    ///
    /// - Parameter seconds: Seconds since 1 January 1970.
    public init(secondsSince1970 seconds: Int) {
        let rest = seconds % 86_400
        daysSince1970 = (seconds - (rest < 0 ? rest + 86_400 : rest)) / 86_400
    }

    /// Counted in eras of 400 years, whose days are always as many; years begin in March, so that a
    /// leap day is the last one.
    private init(year: Int, month: Int, day: Int) {
        let years = month <= 2 ? year - 1 : year
        let era = (years >= 0 ? years : years - 399) / 400
        let yearOfEra = years - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSince1970 = era * 146_097 + dayOfEra - 719_468
    }

    private var civil: (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let leaps = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leaps) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}

/// A minute of the calendar, in UTC: when something was last used.
public struct CalendarMinute: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The minutes since 1 January 1970.
    public let minutesSince1970: Int

    /// The minute that a moment lies in.
    ///
    /// - Parameter seconds: Seconds since 1 January 1970.
    public init(secondsSince1970 seconds: Int) {
        let day = CalendarDay(secondsSince1970: seconds).daysSince1970
        minutesSince1970 = day * 1_440 + (seconds - day * 86_400) / 60
    }

    /// Reads `2026-11-21T11:23Z`.
    ///
    /// - Returns: `nil` for any other form.
    public init?(_ text: String) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = CalendarDay(String(parts[0])) else { return nil }
        let clock = Array(parts[1].utf8)
        guard clock.count == 6, clock[2] == UInt8(ascii: ":"), clock[5] == UInt8(ascii: "Z"),
            [0, 1, 3, 4].allSatisfy({ (0x30...0x39).contains(clock[$0]) })
        else { return nil }
        let hour = Int(clock[0] - 0x30) * 10 + Int(clock[1] - 0x30)
        let minute = Int(clock[3] - 0x30) * 10 + Int(clock[4] - 0x30)
        guard hour < 24, minute < 60 else { return nil }
        minutesSince1970 = day.daysSince1970 * 1_440 + hour * 60 + minute
    }

    /// The minute before another comes earlier.
    public static func < (left: CalendarMinute, right: CalendarMinute) -> Bool {
        left.minutesSince1970 < right.minutesSince1970
    }

    /// `2026-11-21T11:23Z`.
    public var description: String {
        let day = CalendarDay(secondsSince1970: minutesSince1970 * 60)
        let rest = minutesSince1970 - day.daysSince1970 * 1_440
        return "\(day)T\(CalendarDay.digits(rest / 60, 2)):\(CalendarDay.digits(rest % 60, 2))Z"
    }
}
