/// XML as it is written: bytes appended, nothing held as a tree.
///
/// Values are escaped by looking for what needs it and copying the stretches between, so that a
/// listing of ten thousand cards costs a few milliseconds.
public struct XMLBuffer: Sendable {
    /// What has been written and not taken.
    public private(set) var bytes: [UInt8] = []

    /// Begins with nothing.
    public init() {}

    /// The number of bytes written and not taken.
    public var count: Int { bytes.count }

    /// The XML declaration; some clients look for it to tell XML from an error page.
    public mutating func declaration() {
        literal("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
    }

    /// Markup as it stands.
    public mutating func literal(_ markup: StaticString) {
        // A static string's bytes are there for as long as the program is.
        let buffer = unsafe UnsafeBufferPointer(
            start: markup.utf8Start,
            count: markup.utf8CodeUnitCount
        )
        unsafe bytes.append(contentsOf: buffer)
    }

    /// Markup as it stands, made at run time; never for what a client sent.
    public mutating func literal(_ markup: String) {
        bytes.append(contentsOf: markup.utf8)
    }

    /// What another buffer holds.
    public mutating func append(_ other: XMLBuffer) {
        bytes += other.bytes
    }

    /// A text, with whatever XML 1.0 cannot hold left out (clients call that a server's bug).
    public mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { buffer in unsafe escape(UnsafeRawBufferPointer(buffer)) }
    }

    /// A text given as bytes; what is not UTF-8 is replaced by U+FFFD.
    public mutating func text(_ text: [UInt8]) { self.text(text[...]) }

    /// A text given as a part of an array; what is not UTF-8 is replaced by U+FFFD.
    public mutating func text(_ text: ArraySlice<UInt8>) {
        guard Self.isUTF8(text) else { return self.text(String(decoding: text, as: UTF8.self)) }
        // The buffer is used during the call only.
        unsafe text.withUnsafeBytes { buffer in unsafe escape(buffer) }
    }

    /// A start tag.
    public mutating func open(_ name: QualifiedName) { tag("<", name, declares: true, ">") }

    /// An end tag.
    public mutating func close(_ name: QualifiedName) { tag("</", name, declares: false, ">") }

    /// An element with nothing in it.
    public mutating func empty(_ name: QualifiedName) { tag("<", name, declares: true, "/>") }

    /// An element with a text in it.
    public mutating func element(_ name: QualifiedName, text: String) {
        open(name)
        self.text(text)
        close(name)
    }

    /// An element with a text in it, tagged with the text's language (RFC 4918 §4.3).
    public mutating func element(_ name: QualifiedName, text: String, language: String) {
        literal("<")
        if !qualified(name) {
            literal(" xmlns=\"")
            self.text(name.namespace)
            literal("\"")
        }
        literal(" xml:lang=\"")
        self.text(language)
        literal("\">")
        self.text(text)
        close(name)
    }

    /// The root's start tag, with the three namespaces that the rest is written with.
    public mutating func openRoot(_ name: QualifiedName) {
        literal("<")
        qualified(name)
        literal(" xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"")
        literal(" xmlns:CS=\"http://calendarserver.org/ns/\">")
    }

    /// Hands out what is written, and goes on with nothing.
    public mutating func take() -> [UInt8] {
        let taken = bytes
        bytes = []
        bytes.reserveCapacity(taken.capacity)
        return taken
    }

    private mutating func tag(
        _ start: StaticString,
        _ name: QualifiedName,
        declares: Bool,
        _ end: StaticString
    ) {
        literal(start)
        if !qualified(name), declares {
            // A property of somebody else's: its namespace is declared where it stands.
            literal(" xmlns=\"")
            text(name.namespace)
            literal("\"")
        }
        literal(end)
    }

    /// Writes a name with its prefix, and says whether its namespace has one.
    @discardableResult
    private mutating func qualified(_ name: QualifiedName) -> Bool {
        let prefix = Self.prefix(of: name.namespace)
        if let prefix { literal(prefix) }
        bytes.append(contentsOf: name.localName.utf8)
        return prefix != nil
    }

    /// The prefix that the root declares for a namespace. The three differ in length, which is
    /// compared at once.
    private static func prefix(of namespace: String) -> StaticString? {
        switch namespace.utf8.count {
        case 4 where namespace == QualifiedName.Namespace.dav: "D:"
        case 30 where namespace == QualifiedName.Namespace.carddav: "C:"
        case 29 where namespace == QualifiedName.Namespace.calendarServer: "CS:"
        default: nil
        }
    }

    private static func isUTF8(_ text: ArraySlice<UInt8>) -> Bool {
        do {
            _ = try UTF8Span(validating: text.span)
            return true
        } catch {
            return false
        }
    }

    private mutating func escape(_ text: UnsafeRawBufferPointer) {
        var copied = 0
        var position = 0
        while position < text.count {
            let byte = unsafe text[position]
            guard Self.needsLook(byte) else {
                position += 1
                continue
            }
            guard let (replacement, length) = unsafe Self.replacement(byte, position, text) else {
                position += 1
                continue
            }
            unsafe bytes.append(contentsOf: text[copied..<position])
            literal(replacement)
            position += length
            copied = position
        }
        unsafe bytes.append(contentsOf: text[copied..<text.count])
    }

    /// Whether a byte may begin what cannot stand as it is: control characters, markup, and what
    /// U+FFFE and U+FFFF begin with.
    private static func needsLook(_ byte: UInt8) -> Bool {
        byte < 64 ? suspects >> UInt64(byte) & 1 == 1 : byte == 0xEF
    }

    /// One bit for each of the bytes below 64: all below space but tab and line feed, and `"&<>`.
    private static let suspects: UInt64 = 0x5000_0044_FFFF_F9FF

    /// What stands for a character, and how many bytes of the text it replaces.
    private static func replacement(
        _ byte: UInt8,
        _ position: Int,
        _ text: UnsafeRawBufferPointer
    ) -> (StaticString, Int)? {
        switch byte {
        case UInt8(ascii: "&"): ("&amp;", 1)
        case UInt8(ascii: "<"): ("&lt;", 1)
        case UInt8(ascii: ">"): ("&gt;", 1)
        case UInt8(ascii: "\""): ("&quot;", 1)
        // A bare carriage return would be read as a line feed (XML 1.0 §2.11).
        case 0x0D: ("&#13;", 1)
        case 0x09, 0x0A: nil
        case 0..<0x20: ("", 1)
        case 0xEF:
            unsafe position + 2 < text.count && text[position + 1] == 0xBF
                && text[position + 2] >= 0xBE ? ("", 3) : nil
        default: nil
        }
    }
}
