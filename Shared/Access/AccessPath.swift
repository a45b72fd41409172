/// What a rule is for: the service, one instance of it, or one address book of an instance.
///
/// ```
/// http/contacts                       every instance
/// http/contacts/<instance>            one instance
/// http/contacts/<instance>/<book>     one book
/// ```
///
/// A part is the name itself and no piece of a URL: nothing is percent-decoded. Letter case counts;
/// two ways of writing the same characters in Unicode (`é` as one scalar or two) are one name, as
/// they are to a store that looks for a book.
public struct AccessPath: Hashable, Sendable, CustomStringConvertible {
    /// The longest path, in bytes.
    public static let maximumBytes = 256

    /// The longest name of a book, in bytes; what a store can bear.
    public static let maximumBookBytes = 200

    /// Every instance.
    public static let everything = AccessPath(instance: nil)

    /// The instance, or `nil` for all.
    public let instance: String?

    /// The book's name, or `nil` for all of the instance.
    public let book: String?

    /// Reads a path.
    ///
    /// - Returns: `nil` for any other form, an empty part, a part with a control character, or a
    ///   name that no book can bear: one that begins with a dot, has a backslash in it, or is longer
    ///   than ``maximumBookBytes``.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...4).contains(parts.count), parts[0] == "http", parts[1] == "contacts",
            parts.allSatisfy(Self.isPlain)
        else { return nil }
        instance = parts.count > 2 ? parts[2] : nil
        book = parts.count > 3 ? parts[3] : nil
        if let book, !Self.canName(book) { return nil }
    }

    /// The path of an instance.
    public init(instance: String?) {
        self.instance = instance
        book = nil
    }

    /// The path as it stands in a settings file.
    public var description: String {
        "http/contacts" + (instance.map { "/\($0)" } ?? "") + (book.map { "/\($0)" } ?? "")
    }

    private static func isPlain(_ part: String) -> Bool {
        !part.isEmpty && part.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    private static func canName(_ book: String) -> Bool {
        book.utf8.count <= maximumBookBytes && book.utf8.first != UInt8(ascii: ".")
            && book.unicodeScalars.allSatisfy {
                $0 != "\\" && !(0x80...0x9F).contains($0.value)
            }
    }
}
