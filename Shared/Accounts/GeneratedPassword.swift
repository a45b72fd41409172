/// Passwords that nobody has to think of.
public enum GeneratedPassword {
    /// Characters that are not taken for one another, easy to type on a phone.
    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")

    /// Five groups of four characters, about 99 bits, from the system's random numbers.
    public static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<5).map { _ in
            String(
                (0..<4).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
            )
        }
        return groups.joined(separator: "-")
    }
}
