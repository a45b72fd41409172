/// A property that a client wants of a card (RFC 6352 §10.4.2).
public struct PropertySelection: Sendable, Equatable {
    /// The name, with a group before it where only that group's is wanted.
    public let name: String
    /// Whether the value is to be left out.
    public let withoutValue: Bool

    /// Names a property.
    public init(name: String, withoutValue: Bool = false) {
        self.name = name
        self.withoutValue = withoutValue
    }

    func selects(_ property: Property) -> Bool {
        let wanted = name.uppercased()
        if property.name == wanted { return true }
        guard let group = property.group else { return false }
        return "\(group.uppercased()).\(property.name)" == wanted
    }
}

extension Card {
    /// The card's bytes with a UID put in, behind the version, and nothing else touched.
    public func adding(uid: UID) -> [UInt8] {
        let lineEnd = self.lineEnd
        let place = first("VERSION")?.byteRange.upperBound ?? firstLineEnd
        return Array(bytes[..<place]) + Array("UID:\(uid.text)".utf8) + lineEnd
            + Array(bytes[place...])
    }

    /// The card with only some of its properties, each line as it came.
    ///
    /// `BEGIN`, `VERSION` and `END` are always there (RFC 6352 §10.4.2 leaves that to the server;
    /// without them it would be no card).
    public func selecting(_ wanted: [PropertySelection]) -> [UInt8] {
        let lineEnd = self.lineEnd
        var selected = Array("BEGIN:VCARD".utf8) + lineEnd
        for property in properties {
            let selection = wanted.first { $0.selects(property) }
            guard selection != nil || property.name == "VERSION" else { continue }
            if let selection, selection.withoutValue, property.name != "VERSION" {
                selected += head(of: property) + lineEnd
            } else {
                selected += bytes[property.byteRange]
            }
        }
        return selected + Array("END:VCARD".utf8) + lineEnd
    }

    private var lineEnd: [UInt8] {
        guard let end = bytes.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
            return [0x0D, 0x0A]
        }
        if bytes[end] == 0x0A { return [0x0A] }
        return end + 1 < bytes.count && bytes[end + 1] == 0x0A ? [0x0D, 0x0A] : [0x0D]
    }

    private var firstLineEnd: Int {
        var scanner = LineScanner(bytes)
        while let line = scanner.next() {
            if bytes.reads("BEGIN:VCARD", in: line.start..<line.end) { return line.next }
            // A byte order mark hides the word at the first line's start.
            if line.end - line.start > 3,
                bytes.reads("BEGIN:VCARD", in: (line.start + 3)..<line.end)
            {
                return line.next
            }
        }
        return 0
    }

    /// What stands before a property's value, unfolded.
    private func head(of property: Property) -> [UInt8] {
        var unfolded: [UInt8] = []
        var scanner = LineScanner(bytes, from: property.byteRange.lowerBound)
        var isFirst = true
        while unfolded.count < property.valueOffset, let line = scanner.next() {
            unfolded += bytes[(isFirst ? line.start : line.start + 1)..<line.end]
            isFirst = false
        }
        return Array(unfolded.prefix(property.valueOffset))
    }
}
