/// A second of the proleptic Gregorian calendar, in UTC.
struct CivilDate {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    /// 0 for Sunday.
    let weekday: Int

    /// From the first second of the year 0 to the last of 9999.
    private static let representable: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    /// Counts in eras of 400 years that begin on 1 March, so that a leap day is the last of its year.
    init(secondsSince1970: Int64) {
        let range = Self.representable
        let seconds = Int(min(max(secondsSince1970, range.lowerBound), range.upperBound))
        let (days, time) = Self.divide(seconds, by: 86_400)
        let (era, dayOfEra) = Self.divide(days + 719_468, by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        hour = time / 3_600
        minute = time / 60 % 60
        second = time % 60
        // 1 January 1970 was a Thursday.
        weekday = Self.divide(days + 4, by: 7).remainder
    }

    /// The days from 1 January 1970 to a date; a day beyond the month's last is of the next.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = divide(shifted, by: 400)
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Division whose remainder is never negative.
    private static func divide(
        _ value: Int,
        by divisor: Int
    ) -> (quotient: Int, remainder: Int) {
        let remainder = (value % divisor + divisor) % divisor
        return ((value - remainder) / divisor, remainder)
    }
}
