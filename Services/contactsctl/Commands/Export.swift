import AddressBooks
import ArgumentParser
import Glibc

/// `contactsctl export`: a book as one `.vcf` file.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes all cards of an address book, one after the other."
    )

    @OptionGroup var places: Places

    @Argument(help: "The instance.")
    var instance: String

    @Argument(help: "The address book.")
    var book: String

    @Argument(help: "The file to write; standard output without it.")
    var file: String?

    func run() throws {
        let bytes = try readBook()
        guard let file else { return }
        // The file belongs to whoever runs the command, not to the store's owner.
        try StoreOwner.leave()
        try FileBytes.replace(file, with: bytes)
    }

    /// The cards that have not been written to standard output.
    private func readBook() throws -> [UInt8] {
        let store = try places.store(instance)
        guard let book = store.book(try BookName(book)) else {
            throw CommandFailure(message: "there is no address book \(book) in \(instance)")
        }
        var bytes: [UInt8] = []
        for card in book.cards {
            bytes += try store.bytes(of: card)
            if bytes.last != 0x0A { bytes += [0x0D, 0x0A] }
            if file == nil {
                Terminal.put(bytes, STDOUT_FILENO)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        return bytes
    }
}
