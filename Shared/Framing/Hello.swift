/// The first frame of each side; the gateway speaks first.
public struct Hello: Equatable, Sendable {
    static let byteCount = 10

    /// What this build speaks.
    public static let current = Hello(
        version: 1,
        maximumHeadBytes: UInt32(FramingLimits.maximumHeadBytes),
        maximumBodyFrameBytes: UInt32(FramingLimits.maximumBodyFrameBytes)
    )

    /// The protocol's version; both sides must speak the same.
    public let version: UInt16
    /// The longest head that this side takes, in bytes.
    public let maximumHeadBytes: UInt32
    /// The longest piece of a body that this side takes, in bytes.
    public let maximumBodyFrameBytes: UInt32

    /// Joins the fields.
    public init(version: UInt16, maximumHeadBytes: UInt32, maximumBodyFrameBytes: UInt32) {
        self.version = version
        self.maximumHeadBytes = maximumHeadBytes
        self.maximumBodyFrameBytes = maximumBodyFrameBytes
    }

    /// Reads a hello and checks that it is of this version.
    ///
    /// - Throws: ``FramingError/version(theirs:ours:)``, or how the payload is malformed.
    public init(decoding payload: some Collection<UInt8>) throws(FramingError) {
        var reader = PayloadReader(payload, of: .hello)
        version = try reader.u16()
        guard version == Self.current.version else {
            throw .version(theirs: version, ours: Self.current.version)
        }
        maximumHeadBytes = try reader.u32()
        maximumBodyFrameBytes = try reader.u32()
        try reader.end()
    }

    /// The payload.
    public func encode() -> [UInt8] {
        var writer = PayloadWriter()
        writer.u16(version)
        writer.u32(maximumHeadBytes)
        writer.u32(maximumBodyFrameBytes)
        return writer.bytes
    }
}
