internal import CZlib
import NIOCore

/// Compresses one body as it comes (RFC 1952). Takes about 260 KiB until it ends.
final class GzipStream {
    /// zlib has no memory for it.
    struct NoMemory: Error {}

    private var stream = z_stream()

    /// - Parameter level: zlib's level, 1 to 9.
    /// - Throws: ``NoMemory``.
    init(level: Int) throws(NoMemory) {
        guard everlock_gzip_init(&stream, Int32(level)) == Z_OK else { throw NoMemory() }
    }

    deinit { deflateEnd(&stream) }

    /// Compresses a piece; what comes out may be nothing yet.
    func compress(_ piece: ByteBuffer, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        run(piece, Z_NO_FLUSH, allocator)
    }

    /// What is left once all has come.
    func finish(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        run(ByteBuffer(), Z_FINISH, allocator)
    }

    private func run(
        _ piece: ByteBuffer,
        _ mode: Int32,
        _ allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        var packed = allocator.buffer(capacity: 4_096 + piece.readableBytes / 4)
        piece.withUnsafeReadableBytes { input in
            // zlib reads through this pointer and does not write.
            let bytes = UnsafeMutableRawPointer(mutating: input.baseAddress)
            stream.next_in = bytes?.assumingMemoryBound(to: UInt8.self)
            stream.avail_in = UInt32(input.count)
            repeat {
                packed.writeWithUnsafeMutableBytes(minimumWritableBytes: 4_096) { output in
                    stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    stream.avail_out = UInt32(output.count)
                    deflate(&stream, mode)
                    return output.count - Int(stream.avail_out)
                }
                // Room that is left means that there is no more to come.
            } while stream.avail_out == 0
        }
        stream.next_in = nil
        stream.next_out = nil
        return packed
    }
}
