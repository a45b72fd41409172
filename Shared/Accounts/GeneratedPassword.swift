/// Passwords that nobody has to think of.
public enum GeneratedPassword {
    /// Characters that are not taken for one another, easy to type on a phone: 31.
    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")

    /// Five groups of four characters, about 99 bits, from the system's random numbers.
    public static func make() -> String { make(groups: 5) }

    /// Groups of four characters.
    static func make(groups: Int) -> String {
        (0..<groups).map { _ in characters(4) }.joined(separator: "-")
    }

    /// As many characters, each one of 31.
    static func characters(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return String(
            (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        )
    }
}
