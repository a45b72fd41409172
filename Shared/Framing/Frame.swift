/// What a frame carries.
public enum FrameType: UInt8, Sendable, CaseIterable {
    /// The first frame of each side: version and limits.
    case hello = 1
    /// The head of a request.
    case requestHead
    /// The head of a response.
    case responseHead
    /// A piece of a body, in either direction.
    case body
    /// The end of a request or of a response.
    case end
    /// Instead of a response: why there is none.
    case failure
    /// The backend stops: what has been sent is answered, and no more is to be sent. What GOAWAY is
    /// in HTTP/2 (RFC 9113 §6.8).
    case goingAway

    /// The longest payload, in bytes.
    public var maximumPayloadBytes: Int {
        switch self {
        case .hello: Hello.byteCount
        case .requestHead, .responseHead: FramingLimits.maximumHeadBytes
        case .body: FramingLimits.maximumBodyFrameBytes
        case .end, .goingAway: 0
        case .failure: FramingLimits.maximumFailureBytes
        }
    }
}

/// The limits of the protocol; a peer that goes beyond one is disconnected.
public enum FramingLimits {
    /// The longest head, in bytes.
    public static let maximumHeadBytes = 128 * 1024
    /// The longest piece of a body, in bytes.
    public static let maximumBodyFrameBytes = 64 * 1024
    /// The longest failure, in bytes.
    public static let maximumFailureBytes = 4 * 1024
    /// The most header fields of a head.
    public static let maximumFields = 256
    /// The most grants of a request.
    public static let maximumGrants = 1_024
    /// The most bytes of a request's grants as they are sent, so that the rest of a head has room.
    public static let maximumGrantBytes = 64 * 1024
}

/// The ten bytes before each payload.
///
/// ```
/// 0        4      5       6           10
/// | length | type | flags | stream    | payload …
/// | u32    | u8   | u8 = 0| u32 = 0   | length bytes
/// ```
///
/// Numbers are big-endian. Flags and stream are zero in this version; the stream is there so that
/// several requests could share a connection without another format.
public struct FrameHeader: Equatable, Sendable {
    /// The bytes of a header.
    public static let byteCount = 10

    /// What the payload is.
    public let type: FrameType
    /// The bytes of the payload.
    public let payloadBytes: Int

    /// Joins a type and a length that the caller keeps within the type's limit.
    public init(type: FrameType, payloadBytes: Int) {
        self.type = type
        self.payloadBytes = payloadBytes
    }

    /// Reads a header.
    ///
    /// - Parameter bytes: Ten bytes or more; those behind the tenth are not looked at.
    /// - Throws: ``FramingError`` for what no peer of this version sends; the length is checked here,
    ///   before anybody reserves memory for it.
    public init(decoding bytes: some Collection<UInt8>) throws(FramingError) {
        var reader = PayloadReader(bytes.prefix(Self.byteCount), of: .hello)
        guard reader.remaining == Self.byteCount else { throw .truncatedHeader }
        try self.init(
            length: try reader.u32(),
            type: try reader.u8(),
            flags: try reader.u8(),
            stream: try reader.u32()
        )
    }

    /// Takes a header whose fields were read already.
    ///
    /// - Parameters:
    ///   - length: The payload's bytes.
    ///   - type: A ``FrameType``'s number.
    ///   - flags: Zero.
    ///   - stream: Zero.
    /// - Throws: ``FramingError`` for what no peer of this version sends.
    public init(length: UInt32, type: UInt8, flags: UInt8, stream: UInt32) throws(FramingError) {
        guard let known = FrameType(rawValue: type) else { throw .unknownType(type) }
        guard flags == 0, stream == 0 else { throw .reservedBits }
        guard length <= known.maximumPayloadBytes else {
            throw .tooLong(known, bytes: Int(length), limit: known.maximumPayloadBytes)
        }
        self.type = known
        payloadBytes = Int(length)
    }

    /// Appends the header's ten bytes.
    public func encode(into bytes: inout [UInt8]) {
        let length = UInt32(payloadBytes)
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: length >> shift))
        }
        bytes.append(type.rawValue)
        // No flags, and the one stream.
        bytes.append(contentsOf: repeatElement(0, count: 5))
    }

    /// A whole frame: the header and a payload.
    public static func frame(_ type: FrameType, _ payload: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount + payload.count)
        FrameHeader(type: type, payloadBytes: payload.count).encode(into: &bytes)
        bytes += payload
        return bytes
    }
}
