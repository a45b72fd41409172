import Settings

/// The lines of a settings file, which are changed as a person would: comments and order stay.
enum TOMLLines {
    /// The lines of a text, without blank ones at its end.
    static func split(_ text: String) -> [String] {
        // By scalars: as a character, the line end of Windows is another than that of Unix.
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
        while lines.last.map(isBlank) == true { lines.removeLast() }
        return lines
    }

    /// Where the tables of one of these names stand, and those below them, without the comments and
    /// blank lines at the end of each, which lead to what comes next.
    static func tables(named spellings: Set<String>, in lines: [String]) -> [Range<Int>] {
        let starts = lines.indices.filter { header(of: lines[$0]) != nil }
        var ranges: [Range<Int>] = []
        for (position, start) in starts.enumerated() {
            guard let header = header(of: lines[start]),
                spellings.contains(where: { header == $0 || header.hasPrefix("\($0).") })
            else { continue }
            let next = position + 1 < starts.count ? starts[position + 1] : lines.count
            let last = lines[start..<next].lastIndex { !isBlank($0) && !isComment($0) }
            ranges.append(start..<(last ?? start) + 1)
        }
        return ranges
    }

    /// A name below another in every spelling that a person would choose.
    static func spellings(of name: String, in section: String) -> Set<String> {
        Set([TOMLText.key(name), TOMLText.quote(name), "'\(name)'"].map { "\(section).\($0)" })
    }

    /// Takes out some lines, and the blank ones that set them apart from what comes next.
    static func remove(_ range: Range<Int>, from lines: inout [String]) {
        let blank = lines[range.upperBound...].prefix(while: isBlank).count
        lines.removeSubrange(range.lowerBound..<range.upperBound + blank)
        while lines.last.map(isBlank) == true { lines.removeLast() }
    }

    /// The name in a table's header, without white space around it.
    static func header(of line: String) -> String? {
        let trimmed = trim(line[...])
        guard trimmed.hasPrefix("["), !trimmed.hasPrefix("[[") else { return nil }
        var quote: Character?
        var isEscaped = false
        // A bracket in a quoted name, or in a comment behind the header, does not end it.
        for index in trimmed.indices.dropFirst() {
            let character = trimmed[index]
            if let open = quote {
                if character == open, !isEscaped { quote = nil }
                isEscaped = open == "\"" && character == "\\" && !isEscaped
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "]" {
                return String(trim(trimmed[trimmed.index(after: trimmed.startIndex)..<index]))
            }
        }
        return nil
    }

    /// The key of a line, without white space around it.
    static func key(of line: String) -> String? {
        line.firstIndex(of: "=").map { String(trim(line[..<$0])) }
    }

    static func isBlank(_ line: String) -> Bool { trim(line[...]).isEmpty }

    static func isComment(_ line: String) -> Bool { trim(line[...]).hasPrefix("#") }

    private static func trim(_ text: Substring) -> Substring {
        func isSpace(_ character: Character) -> Bool {
            character == " " || character == "\t" || character == "\r"
        }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text = text.dropLast() }
        return text
    }
}
