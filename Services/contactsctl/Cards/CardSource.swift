import Glibc

/// The cards of several files, one after the other.
final class CardSource {
    /// Where a card of the import came from.
    struct Origin {
        /// Which of ``files``.
        let file: Int
        /// The line that the card begins in.
        let line: Int
    }

    /// A file that could not be read, and why.
    struct Unreadable {
        let file: String
        let reason: String
    }

    private static let pieceBytes = 1 << 20

    let files: [String]
    /// All bytes of the files that have a size.
    let totalBytes: Int
    /// The bytes that were read so far.
    private(set) var readBytes = 0
    /// Where each card came from that was given so far.
    private(set) var origins: [Origin] = []
    private(set) var unreadable: [Unreadable] = []
    private var nextFile = 0
    private var reader: CardFileReader?

    /// Looks what there is to read.
    ///
    /// - Parameter paths: `.vcf` files, folders of them, or `-` for standard input.
    /// - Throws: ``CommandFailure`` for a path that is not there.
    init(_ paths: [String]) throws {
        files = try paths.flatMap { $0 == "-" ? ["/dev/stdin"] : try FileBytes.cardFiles($0) }
        totalBytes = files.reduce(0) { sum, path in
            var status = stat()
            return sum + (stat(path, &status) == 0 ? Int(status.st_size) : 0)
        }
    }

    /// The next card, or `nil` after the last of the last file.
    func next() throws -> CardFileReader.Found? {
        while true {
            do {
                if let card = try reader?.next() {
                    origins.append(Origin(file: nextFile - 1, line: card.line))
                    return card
                }
                guard nextFile < files.count else { return nil }
                reader = try open(files[nextFile])
            } catch let error as CommandFailure {
                unreadable.append(Unreadable(file: files[nextFile], reason: error.message))
                reader = nil
                if nextFile == files.count { return nil }
            }
            nextFile += 1
        }
    }

    private func open(_ path: String) throws -> CardFileReader {
        let file = try StoreOwner.asCaller { try InputFile(path) }
        return CardFileReader { [self] in
            let bytes = try file.read(Self.pieceBytes)
            readBytes += bytes.count
            return bytes
        }
    }
}
