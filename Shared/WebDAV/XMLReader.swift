internal import CLibXML2

/// The limits of a request's body; each is checked while the body arrives.
public struct XMLLimits: Sendable {
    /// The most bytes of a body. A multiget of 50,000 hrefs has about five million.
    public var bytes = 16 * 1024 * 1024
    /// The most elements.
    public var elements = 250_000
    /// The deepest nesting; the deepest that an RFC has is nine.
    public var depth = 32
    /// The most attributes of one element.
    public var attributes = 32

    /// The limits that a server starts with.
    public init() {}
}

/// Why a body is no XML that is read here.
public enum XMLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not well-formed; `code` is libxml2's.
    case malformed(line: Int, code: Int32)
    /// A DOCTYPE: no request has one, and entities come with it.
    case doctype
    /// A prefix that nothing declares (Namespaces in XML 1.0 §5).
    case unboundPrefix(String)
    /// More bytes than the limit.
    case tooLarge(limit: Int)
    /// More elements than the limit.
    case tooManyElements(limit: Int)
    /// Deeper than the limit.
    case tooDeep(limit: Int)
    /// More attributes than the limit.
    case tooManyAttributes(limit: Int)

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .malformed(let line, let code): "line \(line) is not well-formed XML (\(code))"
        case .doctype: "a document type declaration is not accepted"
        case .unboundPrefix(let prefix): "the prefix \(prefix) has no namespace"
        case .tooLarge(let limit): "the XML is larger than \(limit) bytes"
        case .tooManyElements(let limit): "the XML has more than \(limit) elements"
        case .tooDeep(let limit): "the XML is nested deeper than \(limit)"
        case .tooManyAttributes(let limit): "an element has more than \(limit) attributes"
        }
    }
}

/// Reads one XML document as its bytes arrive, with libxml2's SAX2 push parser.
///
/// No DTD, no network, no entities but XML's own five: a DOCTYPE ends the parse before anything in
/// it is read. Not for more than one document, nor for more than one thread.
@safe public final class XMLReader {
    private let builder: XMLBuilder
    // Made in `init`, used by this object alone, freed in `deinit`.
    private let context: xmlParserCtxtPtr?
    private var received = 0
    private var sawContent = false

    /// Begins a document.
    public init(limits: XMLLimits = .init()) {
        builder = XMLBuilder(limits: limits)
        // libxml2 copies the handler; the builder outlives the context, which this object owns.
        var handler = unsafe XMLBuilder.handler()
        unsafe context = xmlCreatePushParserCtxt(
            &handler, Unmanaged.passUnretained(builder).toOpaque(), nil, 0, nil)
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue
            | XML_PARSE_NOWARNING.rawValue
        unsafe xmlCtxtUseOptions(context, Int32(options))
        unsafe builder.context = context
    }

    deinit { unsafe xmlFreeParserCtxt(context) }

    /// Takes a piece of the document.
    ///
    /// - Throws: ``XMLError`` as soon as it is clear that the document will not do.
    public func feed(_ bytes: [UInt8]) throws(XMLError) {
        received += bytes.count
        guard received <= builder.limits.bytes else {
            throw .tooLarge(limit: builder.limits.bytes)
        }
        var chunk = bytes[...]
        if !sawContent {
            // White space before the XML declaration would be an error to libxml2.
            chunk = chunk.drop { [0x20, 0x09, 0x0D, 0x0A].contains($0) }
            if chunk.isEmpty { return }
            sawContent = true
        }
        try parse(Array(chunk), isLast: false)
    }

    /// Ends the document.
    ///
    /// - Returns: Its root, or `nil` for a body of nothing but white space.
    /// - Throws: ``XMLError``.
    public func finish() throws(XMLError) -> XMLElement? {
        guard sawContent else { return nil }
        try parse([], isLast: true)
        guard let root = builder.root else { throw .malformed(line: 1, code: 0) }
        return root
    }

    private func parse(_ bytes: [UInt8], isLast: Bool) throws(XMLError) {
        // The buffer is read during the call only.
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe xmlParseChunk(
                context, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(buffer.count), isLast ? 1 : 0)
        }
        if let failure = builder.failure { throw failure }
        guard code == 0, let parser = unsafe context, unsafe parser.pointee.nsWellFormed == 1 else {
            let line = unsafe context.map { unsafe Int($0.pointee.lastError.line) } ?? 0
            throw .malformed(line: line, code: code)
        }
    }
}

/// Builds the elements that the parser's callbacks tell of.
@safe private final class XMLBuilder {
    /// An element whose end has not come.
    private struct Open {
        let name: QualifiedName
        let attributes: [XMLAttribute]
        let language: String?
        var children: [XMLElement] = []
        var text: [UInt8] = []
    }

    let limits: XMLLimits
    // Set by the reader that owns both; used inside the parser's own calls.
    var context: xmlParserCtxtPtr?
    private(set) var root: XMLElement?
    private(set) var failure: XMLError?
    private var stack: [Open] = []
    private var elements = 0

    init(limits: XMLLimits) {
        self.limits = limits
    }

    func fail(_ error: XMLError) {
        if failure == nil { failure = error }
        unsafe xmlStopParser(context)
    }

    func start(_ name: QualifiedName, _ attributes: [XMLAttribute]) {
        elements += 1
        guard elements <= limits.elements else {
            return fail(.tooManyElements(limit: limits.elements))
        }
        guard stack.count < limits.depth else { return fail(.tooDeep(limit: limits.depth)) }
        let own = attributes.first { $0.name == Self.language }?.value
        stack.append(
            Open(name: name, attributes: attributes, language: own ?? stack.last?.language))
    }

    func characters(_ bytes: UnsafeRawBufferPointer) {
        guard !stack.isEmpty else { return }
        unsafe stack[stack.count - 1].text.append(contentsOf: bytes)
    }

    func end() {
        guard let open = stack.popLast() else { return }
        let element = XMLElement(
            name: open.name,
            attributes: open.attributes,
            children: open.children,
            text: String(decoding: open.text, as: UTF8.self),
            language: open.language)
        if stack.isEmpty {
            root = element
        } else {
            stack[stack.count - 1].children.append(element)
        }
    }

    private static let language = QualifiedName("http://www.w3.org/XML/1998/namespace", "lang")
}

extension XMLBuilder {
    /// The callbacks; libxml2 hands each the builder that the reader named.
    static func handler() -> xmlSAXHandler {
        var handler = unsafe xmlSAXHandler()
        unsafe handler.initialized = XML_SAX2_MAGIC
        unsafe handler.startElementNs = { user, name, prefix, uri, _, _, count, _, list in
            unsafe XMLBuilder.of(user)?.start(name, prefix, uri, Int(count), list)
        }
        unsafe handler.endElementNs = { user, _, _, _ in
            unsafe XMLBuilder.of(user)?.end()
        }
        unsafe handler.characters = { user, text, count in
            unsafe XMLBuilder.of(user)?.characters(
                UnsafeRawBufferPointer(start: text, count: Int(count)))
        }
        unsafe handler.cdataBlock = { user, text, count in
            unsafe XMLBuilder.of(user)?.characters(
                UnsafeRawBufferPointer(start: text, count: Int(count)))
        }
        unsafe handler.internalSubset = { user, _, _, _ in
            unsafe XMLBuilder.of(user)?.fail(.doctype)
        }
        unsafe handler.serror = { _, _ in }
        return unsafe handler
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> XMLBuilder? {
        // The reader keeps the builder alive for as long as the parser may call.
        unsafe user.map { unsafe Unmanaged<XMLBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Reads libxml2's form of a start tag: five pointers for each attribute.
    private func start(
        _ name: UnsafePointer<xmlChar>?,
        _ prefix: UnsafePointer<xmlChar>?,
        _ uri: UnsafePointer<xmlChar>?,
        _ count: Int,
        _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        if unsafe prefix != nil, unsafe uri == nil {
            return fail(.unboundPrefix(unsafe Self.text(prefix)))
        }
        guard count <= limits.attributes else {
            return fail(.tooManyAttributes(limit: limits.attributes))
        }
        var attributes: [XMLAttribute] = []
        for index in 0..<count {
            guard let list = unsafe list, let value = unsafe list[5 * index + 3],
                let end = unsafe list[5 * index + 4]
            else { continue }
            let bytes = unsafe UnsafeBufferPointer(start: value, count: end - value)
            attributes.append(
                XMLAttribute(
                    name: QualifiedName(
                        unsafe Self.text(list[5 * index + 2]), unsafe Self.text(list[5 * index])),
                    value: unsafe String(decoding: bytes, as: UTF8.self)))
        }
        start(QualifiedName(unsafe Self.text(uri), unsafe Self.text(name)), attributes)
    }

    private static func text(_ pointer: UnsafePointer<xmlChar>?) -> String {
        unsafe pointer.map { unsafe String(cString: $0) } ?? ""
    }
}
