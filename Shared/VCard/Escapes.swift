/// The backslashes of a value.
enum Escapes {
    /// RFC 2426 §5 and RFC 6350 §3.4. A backslash before a letter that needs none is dropped, as
    /// those who write it mean it.
    case standard
    /// Version 2.1: only separators are escaped; `C:\new` has no line break in it.
    case version21

    /// Resolves them; a backslash at the very end stays.
    func text(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard raw.contains(0x5C) else { return raw }
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var position = raw.startIndex
        while position < raw.endIndex {
            let byte = raw[position]
            position += 1
            guard byte == 0x5C, position < raw.endIndex, let meant = meaning(raw[position]) else {
                text.append(byte)
                continue
            }
            text.append(meant)
            position += 1
        }
        return text[...]
    }

    /// Cuts a value at each separator that no backslash stands before.
    ///
    /// Each cut costs one of the budget; where nothing of it is left, the last part holds the rest.
    func split(
        _ raw: ArraySlice<UInt8>,
        at separator: UInt8,
        budget: inout Int
    ) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = raw.startIndex
        var isEscaped = false
        for position in raw.indices where budget > 0 {
            let byte = raw[position]
            if !isEscaped, byte == separator {
                parts.append(raw[start..<position])
                start = position + 1
                budget -= 1
            }
            isEscaped = !isEscaped && byte == 0x5C
        }
        parts.append(raw[start...])
        return parts
    }

    private func meaning(_ byte: UInt8) -> UInt8? {
        switch (self, byte) {
        case (_, 0x2C), (_, 0x3A), (_, 0x3B), (_, 0x5C): byte
        case (.version21, _): nil
        case (.standard, 0x6E), (.standard, 0x4E): 0x0A
        case (.standard, _): byte
        }
    }
}
