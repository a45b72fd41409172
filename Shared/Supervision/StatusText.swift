/// Numbers as a status line has them.
public enum StatusText {
    /// `1 card`, `10,412 cards`.
    ///
    /// - Parameters:
    ///   - number: How many; not negative.
    ///   - noun: What, in the singular; one that takes an `s`.
    /// - Returns: The text.
    public static func count(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `10,412`: digits in groups of three.
    public static func grouped(_ number: Int) -> String {
        var text = ""
        let digits = String(number)
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }
}
