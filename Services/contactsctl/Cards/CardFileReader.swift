import Glibc
import VCard

/// Reads the cards of a file one after the other, however many there are: it holds one card, and the
/// piece of the file that was read last.
struct CardFileReader {
    /// A card, and where it was found.
    struct Found: Equatable {
        /// The line that it begins in, counted from 1.
        let line: Int
        /// Its bytes; of one that is larger than a card may be, as many as show that.
        let bytes: [UInt8]
    }

    private let source: () throws -> [UInt8]
    /// What was read and is not given yet.
    private var bytes: [UInt8] = []
    /// The cards in it that are whole.
    private var whole: [Range<Int>] = []
    private var position = 0
    /// How far lines are counted.
    private var counted = 0
    private var line = 1
    private var isAtEnd = false
    /// How many bytes must have come before it is worth looking for cards again.
    private var wanted = 0

    /// - Parameter source: Gives the next bytes of the file; none at its end.
    init(source: @escaping () throws -> [UInt8]) {
        self.source = source
    }

    /// The next card, or `nil` at the end; what stands between cards is skipped.
    mutating func next() throws -> Found? {
        while position == whole.count {
            if isAtEnd { return nil }
            try readOn()
        }
        let range = whole[position]
        position += 1
        countLines(to: range.lowerBound)
        let bytes = Array(bytes[range].prefix(Card.maximumBytes + 1))
        return Found(line: line, bytes: bytes)
    }

    /// The bytes that are in memory.
    var heldBytes: Int { bytes.count }

    /// Reads until another card is whole.
    private mutating func readOn() throws {
        let rest = whole.last?.upperBound ?? 0
        countLines(to: rest)
        bytes.removeFirst(rest)
        counted -= rest
        (whole, position) = ([], 0)
        while !isAtEnd {
            let more = try source()
            if more.isEmpty { isAtEnd = true } else { bytes += more }
            if isAtEnd || bytes.count >= wanted { break }
        }
        let ranges = CardFile.split(bytes)
        // The last card may go on in what comes next.
        let isHeld = !isAtEnd && (ranges.last.map { bytes.count - $0.lowerBound } ?? 0) > 0
        whole = isHeld ? ranges.dropLast() : ranges
        let open = isHeld ? ranges.last : nil
        keepOnly(from: open)
    }

    /// Makes room for what comes: nothing between cards is kept, and no more of a card than shows
    /// that it is too large.
    private mutating func keepOnly(from open: Range<Int>?) {
        wanted = 0
        guard whole.isEmpty, !isAtEnd else { return }
        if let open {
            if open.lowerBound > 0 { drop(open.lowerBound) }
            if bytes.count > Card.maximumBytes {
                // Given as it is, to be refused; what follows is skipped up to the next card.
                whole = [0..<bytes.count]
            } else {
                // Each look goes over all that is there: double it before the next.
                wanted = bytes.count * 2
            }
        } else if let end = bytes.lastIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            drop(end)
        } else if bytes.count > Card.maximumBytes {
            drop(bytes.count)
        }
    }

    private mutating func drop(_ count: Int) {
        countLines(to: count)
        bytes.removeFirst(count)
        counted -= count
    }

    /// Counts the line ends up to a place: LF, or CR without one.
    private mutating func countLines(to place: Int) {
        while counted < place {
            let byte = bytes[counted]
            let next = counted + 1 < bytes.count ? bytes[counted + 1] : 0
            if byte == 0x0A || (byte == 0x0D && next != 0x0A) { line += 1 }
            counted += 1
        }
    }
}
