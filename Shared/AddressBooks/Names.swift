/// The name of an address book: one segment of its URL, and its folder in the store.
public struct BookName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name, in bytes of UTF-8.
    public static let maximumBytes = 200

    /// The book that is made first, and that a home lists first.
    public static let standard = BookName(unchecked: "default")

    /// The name as it stands in the URL, decoded.
    public let text: String

    /// Takes a name that a folder of the store can bear.
    ///
    /// - Throws: ``AddressBookError/invalidName(_:)`` for an empty or too long name, one that
    ///   begins with a dot, or one with a slash, a backslash or a control character in it.
    public init(_ text: String) throws(AddressBookError) {
        guard Naming.isUsable(text, maximumBytes: Self.maximumBytes) else {
            throw AddressBookError.invalidName(text)
        }
        self.text = text
    }

    private init(unchecked text: String) {
        self.text = text
    }

    /// The same as ``text``.
    public var description: String { text }
}

/// The name of a card in its book: the last segment of its URL, and its file in the store.
public struct CardName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name, in bytes of UTF-8: what file systems allow.
    public static let maximumBytes = 255

    /// The name as it stands in the URL, decoded, for example `alice-smith.vcf`.
    public let text: String

    /// Takes a name that a file of the store can bear.
    ///
    /// - Throws: ``AddressBookError/invalidName(_:)`` for what ``BookName`` refuses too, and for
    ///   `config.toml`, which holds the book's own properties.
    public init(_ text: String) throws(AddressBookError) {
        guard Naming.isUsable(text, maximumBytes: Self.maximumBytes), text != Book.configFile else {
            throw AddressBookError.invalidName(text)
        }
        self.text = text
    }

    /// Takes a name that the store already holds.
    init(held text: String) {
        self.text = text
    }

    /// The same as ``text``.
    public var description: String { text }
}

enum Naming {
    static func isUsable(_ text: String, maximumBytes: Int) -> Bool {
        guard (1...maximumBytes).contains(text.utf8.count), text.utf8.first != 0x2E else {
            return false
        }
        // Listings ask this of every card: bytes are quicker to look at than scalars.
        var isBehindC2 = false
        for byte in text.utf8 {
            switch byte {
            case 0x00...0x1F, 0x7F, 0x2F, 0x5C: return false
            case 0x80...0x9F where isBehindC2: return false
            default: isBehindC2 = byte == 0xC2
            }
        }
        return true
    }

    /// The first free name of the form `stem.vcf`, `stem-2.vcf`, `stem-3.vcf` …
    ///
    /// Looks a few names up even where thousands are taken: it doubles the number until a name is
    /// free, then halves the distance. Gaps that deletions left may stay unused.
    static func free(stem: String, isTaken: (String) -> Bool) -> String {
        func name(_ number: Int) -> String {
            number == 1 ? "\(stem).vcf" : "\(stem)-\(number).vcf"
        }
        if !isTaken(name(1)) { return name(1) }
        var taken = 1
        var free = 2
        while isTaken(name(free)) {
            taken = free
            free *= 2
        }
        while free - taken > 1 {
            let middle = (taken + free) / 2
            if isTaken(name(middle)) { taken = middle } else { free = middle }
        }
        return name(free)
    }
}
