/// What a command's help says at length, in its parts: paragraphs, and below titles in capitals
/// blocks of lines.
struct Discussion {
    struct Block: Equatable {
        let title: String
        let lines: [String]
    }

    private(set) var paragraphs: [String] = []
    private(set) var blocks: [Block] = []

    init(_ text: String) {
        var title: String?
        var lines: [String] = []
        func isTitle(_ line: String) -> Bool {
            !line.isEmpty && line.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x20 }
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            + [""]
        {
            if line.isEmpty || isTitle(line) {
                if let title {
                    blocks.append(Block(title: title, lines: lines))
                } else if !lines.isEmpty {
                    paragraphs.append(lines.joined(separator: " "))
                }
                lines = []
                title = isTitle(line) ? line : nil
            } else {
                lines.append(
                    title != nil && line.hasPrefix("  ") ? String(line.dropFirst(2)) : line
                )
            }
        }
    }
}
