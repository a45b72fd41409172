/// Walks over the bytes of a logical line and steps over its folds (RFC 6350 §3.2).
struct UnfoldingCursor {
    private let bytes: [UInt8]
    private let end: Int
    /// The place of ``current`` in the card.
    private(set) var position: Int

    init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        end = range.upperBound
        position = range.lowerBound
        skipFolds()
    }

    /// The byte under the cursor, or `nil` at the line's end.
    var current: UInt8? { position < end ? bytes[position] : nil }

    /// Goes to the next byte.
    mutating func advance() {
        position += 1
        skipFolds()
    }

    /// Whether a byte comes further on.
    func finds(_ byte: UInt8) -> Bool {
        position < end && bytes[position..<end].contains(byte)
    }

    private mutating func skipFolds() {
        while position < end, bytes[position].isLineEnd {
            let next = bytes.behindLineEnd(at: position)
            guard next < end, bytes[next].isBlank else { return }
            position = next + 1
        }
    }
}
