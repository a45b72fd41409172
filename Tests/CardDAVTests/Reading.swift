import CardDAV
import Testing
import WebDAV

/// Reads one element whose namespaces are declared.
func element(_ text: String) throws -> XMLElement {
    let reader = XMLReader()
    let names = " xmlns:D='DAV:' xmlns='urn:ietf:params:xml:ns:carddav'"
    let end = text.firstIndex { $0 == " " || $0 == ">" || $0 == "/" } ?? text.endIndex
    try reader.feed(Array((text[..<end] + names + text[end...]).utf8))
    return try #require(try reader.finish())
}

/// Reads a filter with these conditions.
func filter(_ inside: String, test: String = "anyof") throws -> Filter {
    try Filter(element("<filter test='\(test)'>\(inside)</filter>"))
}

/// A card of these lines.
func card(_ lines: String...) -> [UInt8] { cardBytes(lines) }

/// A card of these lines.
func cardBytes(_ lines: [String]) -> [UInt8] {
    let all = ["BEGIN:VCARD", "VERSION:3.0"] + lines + ["END:VCARD", ""]
    return Array(all.joined(separator: "\r\n").utf8)
}

/// The refusal that reading ends with; `nil` where it does not.
func refusal(_ read: () throws -> some Any) -> Refusal? {
    do {
        _ = try read()
    } catch {
        return error as? Refusal
    }
    return nil
}
