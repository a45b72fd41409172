internal import CLibXML2

/// Builds the elements that the parser tells of, and counts them against the limits.
@safe final class XMLBuilder {
    /// An element whose end has not come.
    private struct Open {
        let name: QualifiedName
        let attributes: [XMLAttribute]
        let language: String?
        var children: [XMLElement] = []
        var text: [UInt8] = []
        /// Where the text begins that follows the last child.
        var textAfterChild = 0

        /// Forgets what only parts one child from the next, as indented bodies have it: a multiget
        /// of ten thousand hrefs would else have a text of its own beyond any limit.
        mutating func dropFormatting() {
            if text[textAfterChild...].allSatisfy({ $0 <= 0x20 }) {
                text.removeSubrange(textAfterChild...)
            }
            textAfterChild = text.count
        }
    }

    let limits: XMLLimits
    // Set by the reader that owns both; used inside the parser's own calls.
    var context: xmlParserCtxtPtr?
    private(set) var root: XMLElement?
    private(set) var failure: XMLError?
    private var stack: [Open] = []
    private var elements = 0
    private let keepsValues: Bool
    /// The property's value that is being read, where values are kept.
    private var value: ValueMarkup?

    init(limits: XMLLimits, keepsValues: Bool = false) {
        self.limits = limits
        self.keepsValues = keepsValues
    }

    /// Ends the parse; the first reason counts.
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
        if !stack.isEmpty { stack[stack.count - 1].dropFormatting() }
        if keepsValues, value == nil, stack.last?.name == .dav("prop") {
            value = ValueMarkup(language: stack.last?.language)
        }
        value?.start(name, attributes)
        let own = attributes.first { $0.name == Self.language }?.value
        stack.append(
            Open(name: name, attributes: attributes, language: own ?? stack.last?.language)
        )
    }

    func characters(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil, let open = stack.last else { return }
        guard bytes.count <= limits.textBytes - open.text.count else {
            return fail(.textTooLong(limit: limits.textBytes))
        }
        unsafe stack[stack.count - 1].text.append(contentsOf: bytes)
        if value != nil { value?.characters(unsafe Array(bytes)) }
    }

    func end() {
        guard failure == nil, var open = stack.popLast() else { return }
        if !open.children.isEmpty { open.dropFormatting() }
        value?.end(open.name)
        let isValue = value?.isComplete == true
        let markup = isValue ? value?.text : nil
        if isValue { value = nil }
        let element = XMLElement(
            name: open.name,
            attributes: open.attributes,
            children: open.children,
            text: String(decoding: open.text, as: UTF8.self),
            language: open.language,
            markup: markup
        )
        if stack.isEmpty {
            root = element
        } else {
            stack[stack.count - 1].children.append(element)
        }
    }

    private static let language = QualifiedName("http://www.w3.org/XML/1998/namespace", "lang")
}
