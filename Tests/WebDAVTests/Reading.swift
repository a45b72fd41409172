import WebDAV

/// Reads a text as a body of one piece.
@discardableResult
func read(_ text: String, _ limits: XMLLimits = .init()) throws -> XMLElement? {
    let reader = XMLReader(limits: limits)
    try reader.feed(Array(text.utf8))
    return try reader.finish()
}

/// Reads the inside of an element that declares the namespaces, and gives that element.
func dav(_ root: String, _ inside: String) throws -> XMLElement? {
    try read(
        "<D:\(root) xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:carddav'>\(inside)</D:\(root)>"
    )
}
