import Glibc

/// Writes a manual page in the mdoc language (mdoc(7)).
struct Roff {
    private(set) var lines: [String] = []

    /// The longest line of a paragraph, in characters.
    private static let maximumLine = 78

    /// The head of a page.
    ///
    /// - Parameters:
    ///   - name: What the page is of.
    ///   - section: The section of the manual.
    ///   - abstract: What it is, in half a sentence.
    ///   - date: As mdoc writes dates: `November 21, 2026`.
    init(name: String, section: Int, abstract: String, date: String = PageDate.today) {
        lines = [".Dd \(date)", ".Dt \(name.uppercased()) \(section)", ".Os", ".Sh NAME"]
        lines += [".Nm \(Self.escape(name))", ".Nd \(Self.escape(abstract))"]
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func macro(_ name: String, _ words: String...) {
        lines.append(([".\(name)"] + words.map(Self.word)).joined(separator: " "))
    }

    /// A macro whose words are macros themselves.
    mutating func callable(_ line: String) { lines.append(line) }

    /// Other pages, for example `contacts.toml(5)`.
    mutating func references(_ pages: [String]) {
        for (index, page) in pages.enumerated() {
            let parts = page.split(separator: "(")
            let section = parts.last.map { $0.dropLast() } ?? "1"
            let comma = index + 1 < pages.count ? " ," : ""
            lines.append(".Xr \(parts[0]) \(section)\(comma)")
        }
    }

    mutating func section(_ title: String) { lines.append(".Sh \(title)") }

    /// A paragraph: each sentence on lines of its own, as roff likes it.
    mutating func paragraph(_ text: String) {
        for sentence in Self.sentences(text) {
            var line = ""
            for word in sentence.split(separator: " ").map({ Self.escape(String($0)) }) {
                if !line.isEmpty, line.count + 1 + word.count > Self.maximumLine {
                    lines.append(line)
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            if !line.isEmpty { lines.append(line) }
        }
    }

    /// Lines as they are.
    mutating func literal(_ block: [String]) {
        lines.append(".Bd -literal -offset indent")
        lines += block.map(Self.escape)
        lines.append(".Ed")
    }

    /// A line that roff takes for text, whatever is in it.
    static func escape(_ text: String) -> String {
        var escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            .replacing("…", with: "...")
        if escaped.hasPrefix(".") || escaped.hasPrefix("'") { escaped = "\\&" + escaped }
        return escaped
    }

    /// A word of a macro, whatever is in it.
    static func word(_ text: String) -> String {
        let escaped = escape(text)
        let isPlain = !text.isEmpty && !text.contains { $0 == " " || $0 == "\"" }
        let isMacro = (2...3).contains(text.utf8.count) && text.first?.isUppercase == true
        let isDelimiter = [".", ",", ":", ";", "(", ")", "[", "]", "?", "!", "|"].contains(text)
        if isMacro || isDelimiter { return "\\&" + escaped }
        return isPlain ? escaped : "\"\(escaped.replacing("\"", with: "\\(dq"))\""
    }

    private static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var rest = text[...]
        while let end = rest.range(of: ". ") {
            sentences.append(String(rest[..<end.lowerBound]) + ".")
            rest = rest[end.upperBound...]
        }
        if !rest.isEmpty { sentences.append(String(rest)) }
        return sentences
    }
}

extension Substring {
    /// Where a text first occurs.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            start = index(after: start)
        }
        return nil
    }
}

extension String {
    /// The text with one part of it in the place of another.
    fileprivate func replacing(_ old: Character, with new: String) -> String {
        var text = ""
        for character in self {
            if character == old { text += new } else { text.append(character) }
        }
        return text
    }
}

/// The date that a page bears.
enum PageDate {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    /// Today; for builds that can be repeated, the day that `SOURCE_DATE_EPOCH` says.
    static var today: String {
        let given = getenv("SOURCE_DATE_EPOCH").flatMap { Int(String(cString: $0)) }
        return text(given ?? time(nil))
    }

    /// A time in seconds since 1970 as mdoc writes dates.
    static func text(_ seconds: Int) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        return "\(months[Int(parts.tm_mon)]) \(parts.tm_mday), \(1_900 + parts.tm_year)"
    }
}
