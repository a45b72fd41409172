internal import CZlib

/// Deflates one object after the other, with one state for all: making it costs more than a card.
final class Deflater {
    private var stream = z_stream()
    private var buffer = [UInt8](repeating: 0, count: 64 * 1_024)

    /// - Parameter level: zlib's level, 1 to 9.
    /// - Throws: ``StorageError/full(_:)`` where there is no memory for it.
    init(level: Int32) throws(StorageError) {
        guard everlock_deflate_init(&stream, level) == Z_OK else {
            throw StorageError.full("no memory for zlib")
        }
    }

    deinit { deflateEnd(&stream) }

    /// The bytes as a zlib stream of their own (RFC 1950).
    func deflate(_ bytes: [UInt8]) -> [UInt8] {
        deflateReset(&stream)
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        if buffer.count < bound { buffer = [UInt8](repeating: 0, count: bound) }
        let written = bytes.withUnsafeBufferPointer { input in
            buffer.withUnsafeMutableBufferPointer { output in
                // zlib reads through this pointer and does not write.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let result = CZlib.deflate(&stream, Z_FINISH)
                precondition(result == Z_STREAM_END, "a buffer of zlib's own bound holds it all")
                return output.count - Int(stream.avail_out)
            }
        }
        stream.next_in = nil
        stream.next_out = nil
        return Array(buffer[..<written])
    }
}

/// The check sum that a pack's index has for an entry.
enum PackSum {
    static func crc32(of bytes: [UInt8], from start: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            UInt32(truncatingIfNeeded: crc32_z(UInt(start), buffer.baseAddress, buffer.count))
        }
    }
}
