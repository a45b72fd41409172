import Access
import AddressBooks
import WebDAV

/// The address books of an instance, as whoever asks may see and change them.
///
/// A book that may not be read is not here: whatever is asked of it goes the way of one that is not
/// there. Methods, properties and reports get at books in no other way. Whether a book may be
/// changed is told here too, at the last, by the rights alone: a book that comes to be while a
/// request for it is under way is no more writable than any other.
struct VisibleBooks: Sendable {
    /// All books; asked by this type alone.
    let unrestricted: AddressBookStore
    /// What whoever asks may do.
    let rights: Authorization

    init(_ store: AddressBookStore, _ rights: Authorization) {
        unrestricted = store
        self.rights = rights
    }

    /// The books that may be read, as of the last commit.
    var home: Home { unrestricted.home { rights.role(book: $0) >= .reader } }

    /// A book, where it is there and may be read.
    func book(_ name: BookName) -> Book? {
        rights.mayRead(name) ? unrestricted.book(name) : nil
    }

    /// The books as of the last commit.
    var state: VisibleState { VisibleState(unrestricted.state, rights) }

    /// The card that a user has said to be about themselves, where it may be read.
    func meCard(of user: String) -> (book: Book, card: Book.CardEntry)? {
        unrestricted.meCard(of: user) { rights.role(book: $0) >= .reader }
    }

    /// The room on the disk, which all instances there share.
    var space: AddressBookStore.Space? { unrestricted.space }
}

/// The books of one moment, as whoever asks may see them.
struct VisibleState {
    private let state: StoreState
    private let rights: Authorization

    init(_ state: StoreState, _ rights: Authorization) {
        self.state = state
        self.rights = rights
    }

    /// A book, where it is there and may be read.
    func book(_ name: BookName) -> Book? { rights.mayRead(name) ? state.book(name) : nil }

    /// The id of a card's bytes, where it is there and may be read.
    func etag(of card: CardName, in book: BookName) -> ContentID? {
        rights.mayRead(book) ? state.etag(of: card, in: book) : nil
    }
}

extension Authorization {
    /// Whether a book of this name may be read.
    func mayRead(_ book: BookName) -> Bool { role(book: book.text) >= .reader }

    /// Whether a book of this name may be changed.
    func mayWrite(_ book: BookName) -> Bool { role(book: book.text) >= .writer }
}
