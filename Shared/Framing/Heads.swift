/// A header field; the name in lower case.
public struct HeaderField: Equatable, Sendable {
    /// The field's name.
    public let name: String
    /// The field's value.
    public let value: String

    /// Joins a name and a value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A right that holds for a part of an instance only; opaque here.
public struct Grant: Equatable, Sendable {
    /// What it is for.
    public let path: String
    /// What it allows.
    public let role: String

    /// Joins a path and a role.
    public init(path: String, role: String) {
        self.path = path
        self.role = role
    }

    /// The bytes that the grant takes in a head.
    public var byteCount: Int { 4 + path.utf8.count + role.utf8.count }
}

extension FramingLimits {
    /// Whether a request can carry these grants.
    public static func hasRoom(for grants: [Grant]) -> Bool {
        grants.count <= maximumGrants
            && grants.reduce(0) { $0 + $1.byteCount } <= maximumGrantBytes
    }
}

/// The head of a request, with what the gateway found out about it.
public struct RequestHead: Equatable, Sendable {
    /// Names the request in the logs of both sides.
    public var requestID: String
    /// The instance that the request is for; a backend refuses another's.
    public var instance: String
    /// The user who asks.
    public var user: String
    /// The user's role for the whole instance; opaque here.
    public var role: String
    /// What narrows or widens the role for parts of the instance.
    public var grants: [Grant]
    /// The method, as the client sent it.
    public var method: String
    /// The request target, as the client sent it.
    public var target: String
    /// The scheme that the client used.
    public var scheme: String
    /// The host and port that the client used.
    public var authority: String
    /// The client's address, as text.
    public var clientAddress: String
    /// The header fields that are not the gateway's own business.
    public var headers: [HeaderField]
    /// Whether a body follows.
    public var hasBody: Bool
    /// The body's length, where the client announced one.
    public var bodyBytes: UInt64?

    /// Joins the fields.
    public init(
        requestID: String,
        instance: String,
        user: String,
        role: String,
        grants: [Grant] = [],
        method: String,
        target: String,
        scheme: String,
        authority: String,
        clientAddress: String,
        headers: [HeaderField],
        hasBody: Bool,
        bodyBytes: UInt64?
    ) {
        self.requestID = requestID
        self.instance = instance
        self.user = user
        self.role = role
        self.grants = grants
        self.method = method
        self.target = target
        self.scheme = scheme
        self.authority = authority
        self.clientAddress = clientAddress
        self.headers = headers
        self.hasBody = hasBody
        self.bodyBytes = bodyBytes
    }

    /// Reads a head.
    ///
    /// - Throws: ``FramingError`` for a payload with a field cut off, malformed or left over.
    public init(decoding payload: some Collection<UInt8>) throws(FramingError) {
        var reader = PayloadReader(payload, of: .requestHead)
        requestID = try reader.text("request id")
        instance = try reader.text("instance")
        user = try reader.text("user")
        role = try reader.text("role")
        grants = []
        for _ in 0..<(try reader.count("grants", limit: FramingLimits.maximumGrants)) {
            let path = try reader.text("grant")
            grants.append(Grant(path: path, role: try reader.text("grant")))
        }
        guard FramingLimits.hasRoom(for: grants) else {
            throw .tooMany(
                .requestHead,
                name: "bytes of grants",
                limit: FramingLimits.maximumGrantBytes
            )
        }
        method = try reader.text("method")
        target = try reader.text("target")
        scheme = try reader.text("scheme")
        authority = try reader.text("authority")
        clientAddress = try reader.text("client address")
        headers = try reader.fields(.requestHead)
        let flag = try reader.u8()
        guard flag <= 2 else { throw .malformedField(.requestHead, name: "body") }
        hasBody = flag > 0
        bodyBytes = flag == 2 ? try reader.u64() : nil
        try reader.end()
    }

    /// The payload.
    public func encode() -> [UInt8] {
        var writer = PayloadWriter(expectedBytes: 512)
        for text in [requestID, instance, user, role] { writer.text(text) }
        writer.u16(UInt16(clamping: grants.count))
        for grant in grants {
            writer.text(grant.path)
            writer.text(grant.role)
        }
        for text in [method, target, scheme, authority, clientAddress] { writer.text(text) }
        writer.fields(headers)
        writer.u8(hasBody ? (bodyBytes == nil ? 1 : 2) : 0)
        if hasBody, let bodyBytes { writer.u64(bodyBytes) }
        return writer.bytes
    }

    /// The whole frame, where a peer would take it.
    ///
    /// - Throws: ``FramingError`` for more fields than a head may have, a text whose length has no room
    ///   before it, and a payload beyond its limit: what a client sends may be any of these where the
    ///   settings let it.
    public func frame() throws(FramingError) -> [UInt8] {
        guard headers.count <= FramingLimits.maximumFields else {
            throw .tooMany(
                .requestHead,
                name: "header fields",
                limit: FramingLimits.maximumFields
            )
        }
        let longest = headers.reduce(max(target.utf8.count, authority.utf8.count)) {
            max($0, $1.name.utf8.count, $1.value.utf8.count)
        }
        guard longest <= Int(UInt16.max) else {
            throw .tooLong(.requestHead, bytes: longest, limit: Int(UInt16.max))
        }
        let payload = encode()
        guard payload.count <= FramingLimits.maximumHeadBytes else {
            throw .tooLong(
                .requestHead,
                bytes: payload.count,
                limit: FramingLimits.maximumHeadBytes
            )
        }
        return FrameHeader.frame(.requestHead, payload)
    }
}

/// The head of a response.
public struct ResponseHead: Equatable, Sendable {
    /// The status code, 200 to 599.
    public let status: UInt16
    /// The header fields.
    public let headers: [HeaderField]
    /// The body's length, where it is known before the body is made.
    public let bodyBytes: UInt64?

    /// Joins the fields.
    public init(status: UInt16, headers: [HeaderField], bodyBytes: UInt64?) {
        self.status = status
        self.headers = headers
        self.bodyBytes = bodyBytes
    }

    /// Reads a head.
    ///
    /// - Throws: ``FramingError`` for a payload with a field cut off, malformed or left over.
    public init(decoding payload: some Collection<UInt8>) throws(FramingError) {
        var reader = PayloadReader(payload, of: .responseHead)
        status = try reader.u16()
        guard (200...599).contains(status) else {
            throw .malformedField(.responseHead, name: "status")
        }
        headers = try reader.fields(.responseHead)
        let flag = try reader.u8()
        guard flag <= 1 else { throw .malformedField(.responseHead, name: "body") }
        bodyBytes = flag == 1 ? try reader.u64() : nil
        try reader.end()
    }

    /// The payload.
    public func encode() -> [UInt8] {
        var writer = PayloadWriter(expectedBytes: 256)
        writer.u16(status)
        writer.fields(headers)
        writer.u8(bodyBytes == nil ? 0 : 1)
        if let bodyBytes { writer.u64(bodyBytes) }
        return writer.bytes
    }
}

/// Instead of a response: why there is none.
public struct Failure: Error, Equatable, Sendable {
    /// The kinds of failure.
    public enum Code: UInt8, Sendable, CaseIterable {
        /// The request's head made no sense.
        case malformed = 1
        /// The request is for another instance.
        case wrongInstance
        /// Too many connections; try again soon.
        case overloaded
        /// Something broke; the backend's log says what.
        case internalFault
    }

    /// The kind.
    public let code: Code
    /// What a log says of it.
    public let message: String

    /// Joins a kind and a text.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Reads a failure.
    ///
    /// - Throws: ``FramingError`` for a payload that is none.
    public init(decoding payload: some Collection<UInt8>) throws(FramingError) {
        var reader = PayloadReader(payload, of: .failure)
        guard let code = Code(rawValue: try reader.u8()) else {
            throw .malformedField(.failure, name: "code")
        }
        self.code = code
        message = try reader.text("message")
        try reader.end()
    }

    /// The payload.
    public func encode() -> [UInt8] {
        var writer = PayloadWriter()
        writer.u8(code.rawValue)
        writer.text(Self.shortened(message))
        return writer.bytes
    }

    /// As much of a text as surely fits the frame: cut between scalars, since one character may have
    /// any number of them.
    private static func shortened(_ text: String) -> String {
        let room = FramingLimits.maximumFailureBytes - 16
        if text.utf8.count <= room { return text }
        var bytes = 0
        let scalars = text.unicodeScalars.prefix { scalar in
            bytes += UTF8.width(scalar)
            return bytes <= room
        }
        return String(scalars)
    }
}

extension PayloadWriter {
    mutating func fields(_ fields: [HeaderField]) {
        u16(UInt16(clamping: fields.count))
        for field in fields {
            text(field.name)
            text(field.value)
        }
    }
}

extension PayloadReader {
    mutating func fields(_ type: FrameType) throws(FramingError) -> [HeaderField] {
        var fields: [HeaderField] = []
        for _ in 0..<(try count("header fields", limit: FramingLimits.maximumFields)) {
            let name = try text("field name")
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isFieldNameByte) else {
                throw .malformedField(type, name: "field name")
            }
            fields.append(HeaderField(name, try text("field value")))
        }
        return fields
    }

    /// RFC 9110 §5.1's token, without capitals.
    private static func isFieldNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
