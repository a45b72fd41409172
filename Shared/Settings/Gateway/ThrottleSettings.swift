/// `[throttle]` of `gateway.toml`: what wrong passwords cost whoever sends them.
///
/// ```toml
/// [throttle]
/// address_failures = 5
/// user_failures = 10
/// first_delay = "1s"
/// longest_delay = "5m"
/// forget_after = "1h"
/// ```
public struct ThrottleSettings: Sendable, Equatable {
    /// `address_failures`: failures from one address (IPv6: one /64) before the next try has to
    /// wait; 1 to 10,000.
    public let addressFailures: Int
    /// `user_failures`: the same for one user's name, from wherever; 1 to 10,000.
    public let userFailures: Int
    /// `first_delay`: the first wait; each further failure doubles it. 100 milliseconds to 1 hour.
    public let firstDelay: Duration
    /// `longest_delay`: the longest wait; 100 milliseconds to 1 day.
    public let longestDelay: Duration
    /// `forget_after`: how long after the last failure all of them are forgotten; 1 second to 30
    /// days.
    public let forgetAfter: Duration

    init(_ reader: inout TableReader) throws(SettingsError) {
        addressFailures = try reader.integer("address_failures", in: 1...10_000, default: 5)
        userFailures = try reader.integer("user_failures", in: 1...10_000, default: 10)
        firstDelay = try reader.duration(
            "first_delay",
            in: .milliseconds(100) ... .seconds(3_600),
            default: .seconds(1)
        )
        longestDelay = try reader.duration(
            "longest_delay",
            in: .milliseconds(100) ... .seconds(86_400),
            default: .seconds(300)
        )
        forgetAfter = try reader.duration(
            "forget_after",
            in: .seconds(1) ... .seconds(30 * 86_400),
            default: .seconds(3_600)
        )
        guard firstDelay <= longestDelay else {
            throw reader.error(
                "first_delay",
                "is longer than longest_delay",
                "write first_delay = \"\(TimeText.text(longestDelay))\" or less"
            )
        }
    }
}
