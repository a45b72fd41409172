import Glibc
import VCard

/// The cards of several files, one after the other.
final class CardSource {
    /// Where a card of the import came from.
    struct Origin {
        /// Which of ``files``.
        let file: Int
        /// The line that the card begins in.
        let line: Int
        /// Whether the card brings its UID, and is known again by it.
        let hasUID: Bool
    }

    /// A file that gave no card, and why.
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
    /// How many cards were given before the file that is open.
    private var cardsBefore = 0

    /// Looks what there is to read.
    ///
    /// - Parameter paths: `.vcf` files, folders of them, or `-` for standard input.
    /// - Throws: ``CommandFailure`` for a path that is not there.
    init(_ paths: [String]) throws {
        var files: [String] = []
        for path in paths {
            let found = path == "-" ? ["/dev/stdin"] : try FileBytes.cardFiles(path)
            if found.isEmpty { unreadable.append(Self.empty(path)) }
            files += found
        }
        self.files = files
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
                    let hasUID = Self.hasUID(card.bytes)
                    origins.append(Origin(file: nextFile - 1, line: card.line, hasUID: hasUID))
                    return card
                }
                if reader != nil, origins.count == cardsBefore {
                    unreadable.append(Self.empty(files[nextFile - 1]))
                }
                (reader, cardsBefore) = (nil, origins.count)
                guard nextFile < files.count else { return nil }
                nextFile += 1
                reader = try open(files[nextFile - 1])
            } catch let error as CommandFailure {
                unreadable.append(Unreadable(file: files[nextFile - 1], reason: error.message))
                reader = nil
            }
        }
    }

    /// Whether a card says who it is; of one that cannot be read it makes no difference.
    private static func hasUID(_ bytes: [UInt8]) -> Bool {
        // Almost every card has one so written, which is found sooner than the card is read.
        let plain = Array("\nUID:".utf8)
        for index in bytes.indices.dropLast(plain.count) where bytes[index] == plain[0] {
            let isUID = bytes[index...].starts(with: plain)
            if isUID, bytes[index + plain.count] > 0x20 { return true }
        }
        do throws(CardError) {
            return try Card(parsing: bytes).uid != nil
        } catch {
            return true
        }
    }

    private static func empty(_ path: String) -> Unreadable {
        Unreadable(file: path, reason: "no card in it")
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
