internal import CLibXML2

/// Reads one XML document as its bytes arrive, with libxml2's SAX2 push parser.
///
/// No DTD, no network, no entities but XML's own five: a DOCTYPE ends the parse before anything in
/// it is read (RFC 4918 §20.6). Not for more than one document, nor for more than one thread.
@safe public final class XMLReader {
    private let builder: XMLBuilder
    // Made in `init`, used by this object alone, freed in `deinit`.
    private let context: xmlParserCtxtPtr?
    /// How much libxml2 gets at once: what it cannot tell of yet is looked at in between.
    private static let pieceBytes = 4 * 1024
    private var received = 0
    private var sawContent = false

    /// Begins a document.
    ///
    /// - Parameters:
    ///   - limits: How large it may be.
    ///   - keepsValues: Whether what stands inside a `DAV:prop` is also kept as text
    ///     (``XMLElement/markup``).
    public init(limits: XMLLimits = .init(), keepsValues: Bool = false) {
        builder = XMLBuilder(limits: limits, keepsValues: keepsValues)
        // libxml2 copies the handler; the builder outlives the context, which this object owns.
        var handler = unsafe XMLBuilder.handler()
        unsafe context = xmlCreatePushParserCtxt(
            &handler,
            Unmanaged.passUnretained(builder).toOpaque(),
            nil,
            0,
            nil
        )
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        unsafe xmlCtxtUseOptions(context, Int32(options))
        unsafe builder.context = context
    }

    deinit { unsafe xmlFreeParserCtxt(context) }

    /// Takes a piece of the document.
    ///
    /// - Throws: ``XMLError`` as soon as it is clear that the document will not do; from then on
    ///   every call throws.
    public func feed(_ bytes: [UInt8]) throws(XMLError) {
        guard bytes.count <= builder.limits.bytes - received else {
            received = builder.limits.bytes
            builder.fail(.tooLarge(limit: builder.limits.bytes))
            throw .tooLarge(limit: builder.limits.bytes)
        }
        received += bytes.count
        var chunk = bytes[...]
        if !sawContent {
            // White space before the XML declaration would be an error to libxml2.
            chunk = chunk.drop(while: Self.isSpace)
            if chunk.isEmpty { return }
            sawContent = true
        }
        while !chunk.isEmpty {
            try parse(chunk.prefix(Self.pieceBytes), isLast: false)
            chunk = chunk.dropFirst(Self.pieceBytes)
            guard pendingBytes <= builder.limits.markupBytes else {
                builder.fail(.markupTooLong(limit: builder.limits.markupBytes))
                throw .markupTooLong(limit: builder.limits.markupBytes)
            }
        }
    }

    /// What has come of a tag, or of something like it, that has not ended.
    private var pendingBytes: Int {
        guard let parser = unsafe context, let input = unsafe parser.pointee.input,
            let next = unsafe input.pointee.cur, let end = unsafe input.pointee.end
        else { return 0 }
        return unsafe end - next
    }

    /// Ends the document.
    ///
    /// - Returns: Its root, or `nil` for a body of nothing but white space.
    /// - Throws: ``XMLError``.
    public func finish() throws(XMLError) -> XMLElement? {
        if let failure = builder.failure { throw failure }
        guard sawContent else { return nil }
        try parse([], isLast: true)
        guard let root = builder.root else { throw malformed() }
        return root
    }

    private func parse(_ bytes: ArraySlice<UInt8>, isLast: Bool) throws(XMLError) {
        if let failure = builder.failure { throw failure }
        guard let count = Int32(exactly: bytes.count) else {
            throw .tooLarge(limit: builder.limits.bytes)
        }
        // The buffer is read during the call only.
        unsafe bytes.withUnsafeBytes { buffer in
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            _ = unsafe xmlParseChunk(context, start, count, isLast ? 1 : 0)
        }
        if let failure = builder.failure { throw failure }
        // Not the call's own result: that is set by warnings too, for example of a relative
        // namespace name. A prefix without a namespace on the other hand is told by a flag alone.
        guard let parser = unsafe context, unsafe parser.pointee.wellFormed == 1,
            unsafe parser.pointee.nsWellFormed == 1, unsafe parser.pointee.disableSAX == 0
        else { throw malformed() }
    }

    private func malformed() -> XMLError {
        guard let parser = unsafe context else { return .malformed(line: 0, code: -1) }
        return unsafe .malformed(
            line: Int(parser.pointee.lastError.line),
            code: parser.pointee.errNo
        )
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
}
