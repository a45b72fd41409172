/// `[rates]` of `gateway.toml`: what one user may ask for, with all devices together, so that a
/// client that has gone wrong leaves the rest their share. Those who need not log in count as one user
/// for each IPv4 address and each IPv6 /64.
///
/// ```toml
/// [rates]
/// queries = 50
/// burst = 5000
/// concurrent = 48
/// ```
///
/// The defaults let a device fetch fifty books and 10,000 cards at once, as fast as it can: DAVx5
/// needs 1,000 multigets of ten cards for it, and a few requests for each book.
public struct UserRateSettings: Sendable, Equatable {
    /// `queries`: how many PROPFIND and REPORT a second in the long run; 0 to 1,000,000, 0 for any
    /// number.
    public let queries: Int
    /// `burst`: how many of them at once after a rest; 1 to 1,000,000.
    public let burst: Int
    /// `concurrent`: how many requests of any method under way; 0 to 100,000, 0 for any number. Less
    /// than `backends.connections` leaves some of an instance's connections to the others.
    public let concurrent: Int

    init(_ reader: inout TableReader) throws(SettingsError) {
        queries = try reader.integer("queries", in: 0...1_000_000, default: 50)
        burst = try reader.integer("burst", in: 1...1_000_000, default: 5_000)
        concurrent = try reader.integer("concurrent", in: 0...100_000, default: 48)
    }
}
