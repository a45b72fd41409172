public import VCard
internal import VersionedStorage

/// Why something was not done to an address book.
public enum AddressBookError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A name that a book or a card cannot bear.
    case invalidName(String)

    /// There is no such book.
    case noSuchBook(BookName)

    /// There is no such card in the book.
    case noSuchCard(CardName)

    /// A book of that name is there already.
    case bookExists(BookName)

    /// The home has as many books as it may have.
    case tooManyBooks(limit: Int)

    /// The book has as many cards of users about themselves as it may have.
    case tooManyMeCards(limit: Int)

    /// The bytes are no vCard.
    case notACard(CardError)

    /// The card is larger than a card may be.
    case tooLarge(limit: Int)

    /// Another card of the book has that UID, or the card at that name has another UID
    /// (`CARDDAV:no-uid-conflict`, RFC 6352 §6.3.2.1).
    case uidConflict(holder: CardName)

    /// Something has the name already, and may not be replaced.
    case taken(String)

    /// The book that something is to be put into is not there.
    case noDestination(BookName)

    /// A book keeps no more properties for others.
    case tooManyProperties(count: Int, bytes: Int)

    /// The book's `config.toml` cannot be read.
    case unreadableProperties(BookName, reason: String)

    /// Another process has the store; what it said of itself.
    case inUse(String)

    /// There is no room on the disk.
    case full

    /// The store failed; the text is for a log.
    case storage(String)

    /// What a log says of the error.
    public var description: String {
        switch self {
        case .invalidName(let name): "\(name.debugDescription) cannot be a name here"
        case .noSuchBook(let name): "there is no address book \(name)"
        case .noSuchCard(let name): "there is no card \(name)"
        case .bookExists(let name): "there is an address book \(name) already"
        case .tooManyBooks(let limit): "a home holds at most \(limit) address books"
        case .tooManyMeCards(let limit): "a book holds at most \(limit) users' own cards"
        case .notACard(let error): "not a vCard: \(error)"
        case .tooLarge(let limit): "larger than \(limit) bytes"
        case .uidConflict(let holder): "the UID belongs to \(holder)"
        case .taken(let name): "there is \(name.debugDescription) already"
        case .noDestination(let book): "there is no address book \(book) to put it into"
        case .tooManyProperties(let count, let bytes):
            "an address book keeps at most \(count) properties and \(bytes) bytes of them"
        case .unreadableProperties(let book, let reason): "\(book)/config.toml: \(reason)"
        case .inUse(let holder): "the store is in use by \(holder)"
        case .full: "the disk is full"
        case .storage(let error): error
        }
    }
}

extension AddressBookError {
    /// What a failure of the store is to those above it.
    init(_ error: StorageError) {
        switch error {
        case .full: self = .full
        case .inUse(_, let holder): self = .inUse(holder)
        default: self = .storage(error.description)
        }
    }
}
