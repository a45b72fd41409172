import Foundation

/// One thing that a program did, as the recorder before glibc wrote it down.
///
/// `Tests/PowerCut/include/powercut.h` has the format.
enum Operation {
    case start
    case open(descriptor: Int32, flags: Int32, path: String)
    case write(descriptor: Int32, offset: Int, bytes: ArraySlice<UInt8>)
    case resize(descriptor: Int32, size: Int)
    case allocate(descriptor: Int32, size: Int)
    case rename(from: String, to: String)
    case link(from: String, to: String)
    case unlink(path: String)
    case makeFolder(path: String)
    case removeFolder(path: String)
    case flushBegan(descriptor: Int32, number: Int, isDataOnly: Bool)
    case flushEnded(number: Int)
    case accepted(descriptor: Int32)
    case received(descriptor: Int32, bytes: ArraySlice<UInt8>)
    case sent(descriptor: Int32, bytes: ArraySlice<UInt8>)

    /// Whether it changes or flushes a file or a folder.
    var isOfFile: Bool {
        switch self {
        case .start, .accepted, .received, .sent: false
        default: true
        }
    }
}

/// What a program did to its store and said on its sockets, in order.
struct OperationLog {
    private static let headBytes = 32

    let operations: [Operation]

    /// Reads a log.
    ///
    /// - Throws: Where it has a record that is cut off or of no known kind.
    init(contentsOf file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        var operations: [Operation] = []
        var place = 0
        while place < bytes.count {
            let head = try Head(bytes, at: place)
            let first = bytes[(place + Self.headBytes)...].prefix(head.firstBytes)
            let second = bytes[first.endIndex...].prefix(head.secondBytes)
            operations.append(try head.operation(first, second))
            place = second.endIndex
        }
        self.operations = operations
    }

    private struct Head {
        let kind: UInt32
        let descriptor: Int32
        let offset: Int
        let length: Int
        let firstBytes: Int
        let secondBytes: Int

        init(_ bytes: [UInt8], at place: Int) throws {
            guard bytes.count - place >= OperationLog.headBytes else { throw Trouble.cutOff(place) }
            func load<Number: FixedWidthInteger>(_ offset: Int, _: Number.Type) -> Number {
                bytes.withUnsafeBytes {
                    $0.loadUnaligned(fromByteOffset: place + offset, as: Number.self)
                }
            }
            kind = load(0, UInt32.self)
            descriptor = load(4, Int32.self)
            offset = Int(load(8, Int64.self))
            length = Int(load(16, Int64.self))
            firstBytes = Int(load(24, UInt32.self))
            secondBytes = Int(load(28, UInt32.self))
            guard bytes.count - place >= OperationLog.headBytes + firstBytes + secondBytes else {
                throw Trouble.cutOff(place)
            }
        }

        func operation(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) throws -> Operation
        {
            var path: String { String(decoding: first, as: UTF8.self) }
            var target: String { String(decoding: second, as: UTF8.self) }
            switch kind {
            case 1: return .start
            case 2: return .open(descriptor: descriptor, flags: Int32(offset), path: path)
            case 3: return .write(descriptor: descriptor, offset: offset, bytes: first)
            case 4: return .resize(descriptor: descriptor, size: length)
            case 5: return .allocate(descriptor: descriptor, size: length)
            case 6: return .rename(from: path, to: target)
            case 7: return .link(from: path, to: target)
            case 8: return .unlink(path: path)
            case 9: return .makeFolder(path: path)
            case 10: return .removeFolder(path: path)
            case 11:
                return .flushBegan(
                    descriptor: descriptor,
                    number: offset,
                    isDataOnly: length == 1
                )
            case 12: return .flushEnded(number: offset)
            case 13: return .accepted(descriptor: descriptor)
            case 14: return .received(descriptor: descriptor, bytes: first)
            case 15: return .sent(descriptor: descriptor, bytes: first)
            default: throw Trouble.unknownKind(kind)
            }
        }
    }

    /// Why a log cannot be read.
    enum Trouble: Error {
        case cutOff(Int)
        case unknownKind(UInt32)
    }
}
