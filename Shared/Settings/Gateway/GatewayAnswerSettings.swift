/// `[answers]` of `gateway.toml`: what the gateway does with what backends answer.
///
/// ```toml
/// [answers]
/// gzip = true
/// gzip_from = "2K"
/// gzip_level = 1
/// server = ""
/// ```
public struct GatewayAnswerSettings: Sendable, Equatable {
    /// `gzip`: whether a multistatus is compressed for clients that take it so; true.
    public let compresses: Bool
    /// `gzip_from`: the fewest bytes that are worth it, 256 to 1 MiB; 2 KiB.
    public let compressedFromBytes: Int
    /// `gzip_level`: zlib's level, 1 (quick) to 9 (small); 1.
    public let compressionLevel: Int
    /// `server`: the `Server` field of all answers; none where it is empty or missing.
    public let server: String

    init(_ reader: inout TableReader) throws(SettingsError) {
        compresses = try reader.boolean("gzip", default: true)
        compressedFromBytes = try reader.bytes("gzip_from", in: 256...1 << 20, default: 2 << 10)
        compressionLevel = try reader.integer("gzip_level", in: 1...9, default: 1)
        server = try reader.string("server", remedy: #"write server = "Everlock""#) ?? ""
        guard server.utf8.count <= 100, server.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw reader.error("server", "must be up to 100 characters of ASCII", nil)
        }
    }
}
