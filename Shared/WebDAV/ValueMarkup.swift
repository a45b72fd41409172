/// A property's value written out while it is read, so that it can be kept as it came.
///
/// Order, white space, attributes and the language are kept (RFC 4918 §4.3); prefixes are not, since
/// no property is known whose text refers to them: an element declares its namespace as the default.
/// The text stands for itself, whatever it is put into.
struct ValueMarkup {
    /// The most bytes that are written; of a value that needs more nothing is kept.
    static let maximumBytes = 64 * 1024

    private static let xml = "http://www.w3.org/XML/1998/namespace"

    private var buffer = XMLBuffer()
    /// The default namespace inside each element that is open, that of the outside first.
    private var namespaces = [""]
    /// Whether the last start tag still lacks its end.
    private var isTagOpen = false
    private var isTooLong = false
    /// The language that is in force outside.
    private let language: String?

    /// Begins before the value's own element.
    init(language: String?) {
        self.language = language
    }

    /// Whether all elements have ended.
    var isComplete: Bool { namespaces.count == 1 }

    /// What was written; `nil` where it was too much.
    var text: String? {
        isTooLong ? nil : String(decoding: buffer.bytes, as: UTF8.self)
    }

    mutating func start(_ name: QualifiedName, _ attributes: [XMLAttribute]) {
        closeTag()
        guard hasRoom() else { return namespaces.append("") }
        let isRoot = namespaces.count == 1
        buffer.literal("<")
        buffer.literal(name.localName)
        if name.namespace != namespaces.last { attribute("xmlns", name.namespace) }
        namespaces.append(name.namespace)
        var prefixes: [String: String] = [:]
        for item in attributes { write(item, &prefixes) }
        let ownLanguage = attributes.contains { $0.name == QualifiedName(Self.xml, "lang") }
        if isRoot, !ownLanguage, let language { attribute("xml:lang", language) }
        isTagOpen = true
    }

    mutating func characters(_ text: [UInt8]) {
        closeTag()
        if hasRoom() { buffer.text(text) }
    }

    mutating func end(_ name: QualifiedName) {
        namespaces.removeLast()
        guard hasRoom() else { return }
        if isTagOpen {
            isTagOpen = false
            return buffer.literal("/>")
        }
        buffer.literal("</")
        buffer.literal(name.localName)
        buffer.literal(">")
    }

    private mutating func write(_ item: XMLAttribute, _ prefixes: inout [String: String]) {
        let namespace = item.name.namespace
        if namespace.isEmpty { return attribute(item.name.localName, item.value) }
        if namespace == Self.xml { return attribute("xml:\(item.name.localName)", item.value) }
        let known = prefixes[namespace]
        let prefix = known ?? "n\(prefixes.count + 1)"
        if known == nil {
            prefixes[namespace] = prefix
            attribute("xmlns:\(prefix)", namespace)
        }
        attribute("\(prefix):\(item.name.localName)", item.value)
    }

    /// Names come from the parser, which has checked them.
    private mutating func attribute(_ name: String, _ value: String) {
        buffer.literal(" ")
        buffer.literal(name)
        buffer.literal("=\"")
        // A line end or a tab as it stands would be read as a space (XML 1.0 §3.3.3).
        var run = ""
        for scalar in value.unicodeScalars {
            guard scalar == "\n" || scalar == "\t" else {
                run.unicodeScalars.append(scalar)
                continue
            }
            buffer.text(run)
            run = ""
            buffer.literal(scalar == "\n" ? "&#10;" : "&#9;")
        }
        buffer.text(run)
        buffer.literal("\"")
    }

    private mutating func closeTag() {
        if isTagOpen { buffer.literal(">") }
        isTagOpen = false
    }

    private mutating func hasRoom() -> Bool {
        if buffer.count > Self.maximumBytes { isTooLong = true }
        return !isTooLong
    }
}
