/// How a peer broke the protocol; the connection is of no further use.
public enum FramingError: Error, Equatable, Sendable {
    /// Fewer bytes than a frame header has.
    case truncatedHeader
    /// A type that this version does not know.
    case unknownType(UInt8)
    /// A reserved field that is not zero.
    case reservedBits
    /// A payload longer than its type may have.
    case tooLong(FrameType, bytes: Int, limit: Int)
    /// A peer that speaks another version.
    case version(theirs: UInt16, ours: UInt16)
    /// A frame that may not come now.
    case unexpected(FrameType, state: String)
    /// A payload that ends before its fields do.
    case truncatedPayload(FrameType)
    /// A payload with bytes left over behind its fields.
    case leftOver(FrameType, bytes: Int)
    /// A field whose bytes are not what the field may hold.
    case malformedField(FrameType, name: String)
    /// More header fields or grants than a head may have.
    case tooMany(FrameType, name: String, limit: Int)
    /// A body that is longer or shorter than its head announced.
    case bodyLength(announced: UInt64, received: UInt64)
    /// The other side closed the connection in the middle of an exchange.
    case closed(state: String)
}
