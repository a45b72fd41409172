/// What one proxy says in a `Forwarded` field (RFC 7239 §4).
struct ForwardedElement: Equatable {
    /// `for`: whom the proxy got the request from.
    private(set) var node: String?
    /// `proto`: how.
    private(set) var scheme: String?
    /// `host`: which host that one asked for.
    private(set) var host: String?

    /// The most of them that are read.
    static let maximumCount = 32

    /// The elements of all lines, in order; nothing where a line is malformed, since what is left of it
    /// could mean anything.
    static func all(in lines: [String]) -> [ForwardedElement] {
        var elements: [ForwardedElement] = []
        for line in lines {
            guard let pieces = pieces(of: line), elements.count + pieces.count <= maximumCount
            else {
                return []
            }
            for pairs in pieces where !pairs.isEmpty {
                guard let element = ForwardedElement(pairs) else { return [] }
                elements.append(element)
            }
        }
        return elements
    }

    private init?(_ pairs: [(name: String, value: String)]) {
        for (name, value) in pairs {
            switch name {
            case "for": if node.replace(with: value) { return nil }
            case "proto": if scheme.replace(with: value) { return nil }
            case "host": if host.replace(with: value) { return nil }
            default: continue
            }
        }
    }

    /// The pairs of each element; `nil` for a line that is malformed.
    private static func pieces(of line: String) -> [[(name: String, value: String)]]? {
        var reader = FieldReader(line)
        var elements: [[(name: String, value: String)]] = [[]]
        while true {
            reader.skipSpaces()
            if let name = reader.token() {
                guard reader.take(UInt8(ascii: "=")), let value = reader.value() else { return nil }
                elements[elements.count - 1].append((name.lowercased(), value))
                reader.skipSpaces()
            }
            if reader.isAtEnd { return elements }
            if reader.take(UInt8(ascii: ",")) {
                guard elements.count < maximumCount else { return nil }
                elements.append([])
            } else if !reader.take(UInt8(ascii: ";")) {
                return nil
            }
        }
    }
}

extension Optional<String> {
    /// Whether there was a value already, which a second one would contradict.
    fileprivate mutating func replace(with value: String) -> Bool {
        defer { self = value }
        return self != nil
    }
}

/// Reads tokens and quoted strings (RFC 9110 §5.6.2, §5.6.4).
private struct FieldReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skipSpaces() {
        while rest.first == 0x20 || rest.first == 0x09 { rest.removeFirst() }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    mutating func token() -> String? {
        let token = rest.prefix { $0 > 0x20 && $0 < 0x7F && !Self.isDelimiter($0) }
        guard !token.isEmpty else { return nil }
        rest = rest[token.endIndex...]
        return String(Substring(token))
    }

    /// A token or a quoted string. An address with colons must be quoted, and is often not.
    mutating func value() -> String? {
        guard take(0x22) else {
            let value = rest.prefix {
                $0 > 0x20 && $0 < 0x7F && $0 != 0x2C && $0 != 0x3B && $0 != 0x22
            }
            rest = rest[value.endIndex...]
            return value.isEmpty ? nil : String(Substring(value))
        }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == 0x22 { return String(decoding: bytes, as: UTF8.self) }
            guard byte == 0x5C else {
                bytes.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            bytes.append(escaped)
        }
        return nil
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x28, 0x29, 0x2C, 0x2F, 0x3A...0x40, 0x5B...0x5D, 0x7B, 0x7D: true
        default: false
        }
    }
}
