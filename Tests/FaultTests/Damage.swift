import Foundation
import Testing

/// The table of what is damaged, and how.
struct Damage: Sendable, CustomTestStringConvertible {
    /// A kind of file of a store.
    enum Target: String, Sendable {
        case journal, index, pack, packIndex, object, branch, head

        /// The files of that kind that a store has.
        func files(in store: String) throws -> [String] {
            try PlainFile.walk(store).filter { !$0.isFolder }.map(\.path).sorted().filter { path in
                switch self {
                case .journal: path.hasPrefix("everlock/journal.")
                case .index: path == "everlock/index"
                case .pack: path.hasSuffix(".pack")
                case .packIndex: path.hasSuffix(".idx")
                case .object:
                    path.hasPrefix("objects/") && path.split(separator: "/").count == 3
                        && path.split(separator: "/")[1].count == 2
                case .branch: path == "refs/heads/main"
                case .head: path == "HEAD"
                }
            }
        }
    }

    /// What happens to the file.
    enum Harm: String, Sendable {
        case removed, emptied, truncated, flippedBit, zeroedPart, garbage

        /// Does it.
        ///
        /// - Returns: Whether the file shows it, to whoever looks closely enough.
        func apply(to path: String, using random: inout SeededGenerator) throws -> Bool {
            if self == .removed {
                unlink(path)
                return true
            }
            var shows = true
            try PlainFile.change(path) { bytes in
                // What is preallocated and not yet used is of no interest.
                let used = (bytes.lastIndex { $0 != 0 } ?? -1) + 1
                guard used > 0 else { return }
                let place = Int.random(in: 0..<used, using: &random)
                switch self {
                case .removed: break
                case .emptied: bytes = []
                case .truncated: bytes.removeLast(bytes.count - place)
                case .flippedBit: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case .zeroedPart:
                    let zeroed = place..<min(place + 512, used)
                    shows = !JournalEnd.isErased(by: zeroed, of: bytes)
                    for index in zeroed { bytes[index] = 0 }
                case .garbage:
                    for index in 0..<used {
                        bytes[index] = UInt8.random(in: 1...255, using: &random)
                    }
                }
            }
            return shows
        }
    }

    /// The end of a journal, which is where the records end: a file in which the head of the last
    /// one is zeros, and nothing before it is hurt, is the file of a store that never wrote it.
    private enum JournalEnd {
        private static let magic = Array("EVRC".utf8)

        static func isErased(by zeroed: Range<Int>, of bytes: [UInt8]) -> Bool {
            guard bytes.starts(with: Array("EVLJRNL1".utf8)) else { return false }
            let salt = bytes[16..<20]
            let heads = stride(from: 4_096, to: bytes.count - 16, by: 8).filter { place in
                bytes[place..<(place + 4)].elementsEqual(magic)
                    && bytes[(place + 12)..<(place + 16)].elementsEqual(salt)
            }
            guard let last = heads.last, zeroed.upperBound >= last + 16 else { return false }
            return bytes[min(zeroed.lowerBound, last)..<last].allSatisfy { $0 == 0 }
                && zeroed.lowerBound <= last + 12
        }
    }

    let target: Target
    let harms: [Harm]

    var testDescription: String { target.rawValue }

    /// What is tried. A journal that is missing as a whole cannot be told from one that a clean stop
    /// left none of, so that its removal is not here.
    static let all = [
        Damage(target: .journal, harms: [.truncated, .flippedBit, .zeroedPart, .emptied]),
        Damage(target: .index, harms: [.truncated, .flippedBit, .zeroedPart, .emptied, .removed]),
        Damage(target: .pack, harms: [.truncated, .flippedBit, .zeroedPart]),
        Damage(target: .packIndex, harms: [.truncated, .flippedBit, .zeroedPart]),
        Damage(target: .object, harms: [.truncated, .flippedBit, .emptied]),
        Damage(target: .branch, harms: [.emptied, .garbage, .flippedBit]),
        Damage(target: .head, harms: [.emptied, .garbage]),
    ]
}
