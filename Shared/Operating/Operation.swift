public import AddressBooks
public import Framing

/// What an operator can have done to an instance's store, whoever owns the store: the command itself
/// where no backend runs, else the backend, which is asked for it on its own socket.
public enum Operation: Equatable, Sendable {
    /// Tell of each address book.
    case listBooks
    /// Make an address book.
    case addBook(BookName, displayName: String?, description: String?)
    /// Delete an address book; its history stays.
    case removeBook(BookName)
    /// Store cards, each in the place of the card with its UID, or under a new name; the book is
    /// made where there is none. A rehearsal stores nothing.
    case importCards(BookName, isRehearsal: Bool)
    /// Give all cards of a book, or of all books.
    case exportCards(BookName?)
    /// Check the whole store.
    case verify
}

/// Why a request for an operation could not be read, or an answer to it.
public enum OperatingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A field that must be there is missing or malformed.
    case field(String)
    /// A record that is none of those that may come.
    case record(String)
    /// A text that is longer than one may be, or has a control character in it.
    case text(String)

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .field(let name): "the request's field \(name) is missing or malformed"
        case .record(let word): "a record \(word.debugDescription) was not expected"
        case .text(let name):
            "\(name) has at most \(BookProperties.maximumTextBytes) bytes and no control character"
        }
    }
}

extension Operation {
    private enum Field {
        static let book = "book"
        static let name = "name"
        static let description = "description"
        static let rehearsal = "rehearsal"
    }

    /// What the operation is called between a program and a backend.
    public var target: String {
        switch self {
        case .listBooks: OperatorTarget.books
        case .addBook: OperatorTarget.addBook
        case .removeBook: OperatorTarget.removeBook
        case .importCards: OperatorTarget.importCards
        case .exportCards: OperatorTarget.exportCards
        case .verify: OperatorTarget.verify
        }
    }

    /// Whether records go with the request.
    public var hasInput: Bool { if case .importCards = self { true } else { false } }

    /// The operation's particulars, as fields of a request's head.
    public var fields: [HeaderField] {
        switch self {
        case .listBooks, .verify, .exportCards(nil): []
        case .addBook(let book, let displayName, let description):
            [HeaderField(Field.book, book.text)]
                + [(Field.name, displayName), (Field.description, description)]
                .compactMap { name, text in text.map { HeaderField(name, $0) } }
        case .removeBook(let book), .exportCards(.some(let book)), .importCards(let book, false):
            [HeaderField(Field.book, book.text)]
        case .importCards(let book, true):
            [HeaderField(Field.book, book.text), HeaderField(Field.rehearsal, "yes")]
        }
    }

    /// Reads an operation from a request's head.
    ///
    /// - Returns: `nil` for a target that is none.
    /// - Throws: ``OperatingError/field(_:)``, ``OperatingError/text(_:)``.
    public init?(target: String, fields: [HeaderField]) throws(OperatingError) {
        switch target {
        case OperatorTarget.books: self = .listBooks
        case OperatorTarget.verify: self = .verify
        case OperatorTarget.addBook:
            self = .addBook(
                try Self.book(fields),
                displayName: try Self.text(Field.name, fields),
                description: try Self.text(Field.description, fields)
            )
        case OperatorTarget.removeBook: self = .removeBook(try Self.book(fields))
        case OperatorTarget.importCards:
            let isRehearsal = Self.value(Field.rehearsal, fields) != nil
            self = .importCards(try Self.book(fields), isRehearsal: isRehearsal)
        case OperatorTarget.exportCards where Self.value(Field.book, fields) == nil:
            self = .exportCards(nil)
        case OperatorTarget.exportCards: self = .exportCards(try Self.book(fields))
        default: return nil
        }
    }

    private static func value(_ name: String, _ fields: [HeaderField]) -> String? {
        fields.first { $0.name == name }?.value
    }

    private static func book(_ fields: [HeaderField]) throws(OperatingError) -> BookName {
        guard let text = value(Field.book, fields) else { throw .field(Field.book) }
        do throws(AddressBookError) {
            return try BookName(text)
        } catch {
            throw .field(Field.book)
        }
    }

    private static func text(
        _ name: String,
        _ fields: [HeaderField]
    ) throws(OperatingError) -> String? {
        guard let text = value(name, fields) else { return nil }
        try check(text, called: name)
        return text
    }

    /// Checks that a text can be a book's name for people, or its description, in a request's head.
    ///
    /// - Throws: ``OperatingError/text(_:)``.
    public static func check(_ text: String, called name: String) throws(OperatingError) {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard isPlain, text.utf8.count <= BookProperties.maximumTextBytes else {
            throw .text(name)
        }
    }
}
