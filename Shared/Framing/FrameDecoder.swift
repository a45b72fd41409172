/// A whole frame.
public struct Frame: Equatable, Sendable {
    /// What the payload is.
    public let type: FrameType
    /// The payload, within the type's limit.
    public let payload: [UInt8]

    /// The header that goes before it.
    public var header: FrameHeader { FrameHeader(type: type, payloadBytes: payload.count) }

    /// Joins a type and a payload that the caller keeps within the type's limit.
    public init(_ type: FrameType, _ payload: [UInt8] = []) {
        self.type = type
        self.payload = payload
    }
}

/// Cuts a stream of bytes into frames, however the bytes come.
///
/// It holds no more than one frame that is not whole yet and what was given in one piece behind it: a
/// length beyond its limit is refused as soon as the header is there.
public struct FrameDecoder: Sendable {
    private var bytes: [UInt8] = []
    private var position = 0
    private var header: FrameHeader?

    /// Begins with a fresh connection.
    public init() {}

    /// Whether the stream stands between two frames.
    public var isEmpty: Bool { header == nil && position == bytes.count }

    /// Takes bytes that have come.
    public mutating func append(_ more: ArraySlice<UInt8>) {
        if position == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            position = 0
        } else if position > bytes.count / 2 {
            bytes.removeFirst(position)
            position = 0
        }
        bytes += more
    }

    /// Takes the next frame off the stream.
    ///
    /// - Returns: `nil` until all of it has come.
    /// - Throws: ``FramingError`` for a header that no peer of this version sends; the stream is of no
    ///   further use then.
    public mutating func next() throws(FramingError) -> Frame? {
        if header == nil {
            guard bytes.count - position >= FrameHeader.byteCount else { return nil }
            header = try FrameHeader(decoding: bytes[position...])
            position += FrameHeader.byteCount
        }
        guard let frame = header, bytes.count - position >= frame.payloadBytes else { return nil }
        header = nil
        defer { position += frame.payloadBytes }
        return Frame(frame.type, Array(bytes[position..<(position + frame.payloadBytes)]))
    }
}
