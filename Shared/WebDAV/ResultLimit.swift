/// The most results that a client takes (RFC 5323 §5.17, RFC 6352 §10.6).
public enum ResultLimit {
    /// Reads the number in a `limit` element; one beyond all counting is the largest there is.
    ///
    /// - Parameters:
    ///   - element: The `limit`; `nil` for a request without.
    ///   - name: The element inside it that has the number.
    /// - Returns: The number, or `nil` for a request without.
    /// - Throws: ``Refusal`` with status 400 for what is not a row of digits.
    public static func read(_ element: XMLElement?, _ name: QualifiedName) throws(Refusal) -> Int? {
        guard let element else { return nil }
        let digits = element.first(name)?.trimmedText.utf8 ?? "".utf8
        let isNumber = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty, isNumber else {
            throw Refusal(400, reason: "nresults is a number, 0 or above")
        }
        return Int(String(decoding: digits, as: UTF8.self)) ?? Int.max
    }
}
