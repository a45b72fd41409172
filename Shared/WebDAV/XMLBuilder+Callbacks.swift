internal import CLibXML2

extension XMLBuilder {
    /// The callbacks; libxml2 hands each the builder that the reader named.
    ///
    /// What is not set here (comments, processing instructions, entity declarations) is passed over.
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
            let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
            unsafe XMLBuilder.of(user)?.characters(bytes)
        }
        unsafe handler.cdataBlock = { user, text, count in
            let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
            unsafe XMLBuilder.of(user)?.characters(bytes)
        }
        unsafe handler.internalSubset = { user, _, _, _ in
            unsafe XMLBuilder.of(user)?.fail(.doctype)
        }
        // Errors are read from the context after each chunk; without this they go to stderr.
        unsafe handler.serror = { _, _ in }
        return unsafe handler
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> XMLBuilder? {
        // The reader keeps the builder alive for as long as the parser may call.
        unsafe user.map { unsafe Unmanaged<XMLBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    private func start(
        _ name: UnsafePointer<xmlChar>?,
        _ prefix: UnsafePointer<xmlChar>?,
        _ uri: UnsafePointer<xmlChar>?,
        _ count: Int,
        _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard failure == nil else { return }
        if unsafe prefix != nil, unsafe uri == nil {
            return fail(.unboundPrefix(unsafe Self.text(prefix)))
        }
        guard count <= limits.attributes else {
            return fail(.tooManyAttributes(limit: limits.attributes))
        }
        var attributes: [XMLAttribute] = []
        for index in 0..<count {
            guard let list = unsafe list, let attribute = unsafe attribute(list + 5 * index) else {
                return
            }
            attributes.append(attribute)
        }
        start(QualifiedName(unsafe Self.text(uri), unsafe Self.text(name)), attributes)
    }

    /// Reads libxml2's form of an attribute, five pointers: local name, prefix, namespace, and the
    /// value's first byte and end.
    private func attribute(
        _ parts: UnsafeMutablePointer<UnsafePointer<xmlChar>?>
    ) -> XMLAttribute? {
        if unsafe parts[1] != nil, unsafe parts[2] == nil {
            fail(.unboundPrefix(unsafe Self.text(parts[1])))
            return nil
        }
        guard let value = unsafe parts[3], let end = unsafe parts[4] else { return nil }
        guard unsafe end - value <= limits.textBytes else {
            fail(.textTooLong(limit: limits.textBytes))
            return nil
        }
        let bytes = unsafe UnsafeBufferPointer(start: value, count: end - value)
        return XMLAttribute(
            name: QualifiedName(unsafe Self.text(parts[2]), unsafe Self.text(parts[0])),
            value: Self.unescaped(unsafe String(decoding: bytes, as: UTF8.self))
        )
    }

    private static func text(_ pointer: UnsafePointer<xmlChar>?) -> String {
        unescaped(unsafe pointer.map { unsafe String(cString: $0) } ?? "")
    }

    /// Attributes, and the namespaces that some of them declare, come with each `&` as `&#38;`:
    /// libxml2 resolves every reference but that one while it replaces no entities.
    private static func unescaped(_ value: String) -> String {
        guard value.utf8.contains(UInt8(ascii: "&")) else { return value }
        var bytes: [UInt8] = []
        var rest = Array(value.utf8)[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            bytes += rest[...start]
            rest = rest[(start + 1)...]
            if rest.starts(with: "#38;".utf8) { rest = rest.dropFirst(4) }
        }
        return String(decoding: bytes + rest, as: UTF8.self)
    }
}
