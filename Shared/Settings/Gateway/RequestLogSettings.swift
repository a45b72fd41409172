/// `[log]` of `gateway.toml`: the line for each request.
///
/// ```toml
/// [log]
/// requests = "info"
/// adopt_request_ids = false
/// ```
public struct RequestLogSettings: Sendable, Equatable {
    /// The levels that a request's line may have.
    public enum Level: String, Sendable, CaseIterable {
        /// No lines.
        case off
        /// For those who look for a fault: shown where `EVERLOCK_LOG` is `debug`.
        case debug
        /// As a rule.
        case info
        /// Shown also where `EVERLOCK_LOG` is `notice`.
        case notice
    }

    /// `requests`: the level of the line, or `"off"`.
    public let requests: Level
    /// `adopt_request_ids`: whether a well-formed `X-Request-ID` of a request becomes its id, where a
    /// proxy that clients cannot go around sets it.
    public let adoptsRequestIDs: Bool

    init(_ reader: inout TableReader) throws(SettingsError) {
        let levels = Level.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let text = try reader.string("requests", remedy: "write one of \(levels)") ?? "info"
        guard let level = Level(rawValue: text) else {
            throw reader.error("requests", "is no level", "write one of \(levels)")
        }
        requests = level
        adoptsRequestIDs = try reader.boolean("adopt_request_ids", default: false)
    }
}
