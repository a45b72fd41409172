/// By what a card is sorted: a property in 3.0 (RFC 2426 §3.6.5), a parameter of the name in 4.0
/// (RFC 6350 §5.9).
enum SortKeys {
    /// Puts the sort string into N. Where there is no N it stays what it is.
    static func up(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard let key = lines.firstIndex(where: { $0.name == "SORT-STRING" }),
            let name = lines.firstIndex(where: { $0.name == "N" })
        else { return lines }
        var lines = lines
        let text = lines[key].text
        if lines[name].first("SORT-AS") != text { lines[name].set("SORT-AS", text) }
        lines.remove(at: key)
        return lines
    }

    /// Puts N's first sort key behind it; further ones stay in N, for whoever understands them.
    static func down(_ lines: [ConversionLine]) -> [ConversionLine] {
        guard let name = lines.firstIndex(where: { $0.name == "N" }),
            let text = lines[name].first("SORT-AS"),
            !lines.contains(where: { $0.name == "SORT-STRING" })
        else { return lines }
        var lines = lines
        if lines[name].values(of: "SORT-AS").count == 1 { lines[name].remove("SORT-AS") }
        let key = ConversionLine("SORT-STRING", [], Escapes.escaped(text))
        lines.insert(key, at: name + 1)
        return lines
    }
}
