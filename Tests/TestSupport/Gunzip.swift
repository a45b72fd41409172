internal import CZlib

/// Unpacks gzip (RFC 1952).
public enum Gunzip {
    /// The bytes are no whole gzip stream.
    public struct Broken: Error {}

    /// What a gzip stream holds.
    ///
    /// - Throws: ``Broken``.
    public static func bytes(_ bytes: [UInt8]) throws(Broken) -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw Broken() }
        defer { inflateEnd(&stream) }
        var input = bytes
        var unpacked: [UInt8] = []
        var status = Z_OK
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while status == Z_OK {
                let count = room.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return output.count - Int(stream.avail_out)
                }
                unpacked += room[..<count]
            }
        }
        guard status == Z_STREAM_END, stream.avail_in == 0 else { throw Broken() }
        return unpacked
    }
}
