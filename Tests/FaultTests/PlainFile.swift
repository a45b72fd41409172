import Foundation
import TestSupport

/// Files by the bare calls: a test makes and reads many thousands of them.
enum PlainFile {
    /// All of a file.
    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw TestServer.Failure("open \(path): \(errno)") }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = pread(descriptor, buffer.baseAddress, size, 0)
            guard count == size else { throw TestServer.Failure("read \(path): \(errno)") }
        }
    }

    /// Makes a file anew; long runs of zeros take no room.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw TestServer.Failure("open \(path): \(errno)") }
        defer { close(descriptor) }
        try bytes.withUnsafeBytes { buffer in
            for start in stride(from: 0, to: buffer.count, by: zeros.count) {
                let end = min(start + zeros.count, buffer.count)
                let piece = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
                guard let base = piece.baseAddress, memcmp(base, zeros, piece.count) != 0
                else { continue }
                guard pwrite(descriptor, base, piece.count, start) == piece.count else {
                    throw TestServer.Failure("write \(path): \(errno)")
                }
            }
        }
        guard ftruncate(descriptor, bytes.count) == 0 else {
            throw TestServer.Failure("ftruncate \(path): \(errno)")
        }
    }

    private static let zeros = [UInt8](repeating: 0, count: 64 * 1_024)

    /// Changes a file where it is.
    static func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try read(path)
        body(&bytes)
        chmod(path, 0o600)
        try write(bytes, to: path)
    }

    /// The paths in a folder, at any depth, and whether each is a folder; parents come first.
    static func walk(_ folder: String, _ prefix: String = "") throws -> [(
        path: String, isFolder: Bool
    )] {
        guard let stream = opendir(folder) else {
            throw TestServer.Failure("opendir \(folder): \(errno)")
        }
        defer { closedir(stream) }
        var found: [(path: String, isFolder: Bool)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let isFolder = Int32(entry.pointee.d_type) == Int32(DT_DIR)
            found.append((prefix + name, isFolder))
            if isFolder { found += try walk("\(folder)/\(name)", "\(prefix)\(name)/") }
        }
        return found
    }

    /// Takes a folder away with all that is in it.
    static func removeFolder(_ folder: String) throws {
        for (path, isFolder) in try walk(folder).reversed() {
            if isFolder { rmdir("\(folder)/\(path)") } else { unlink("\(folder)/\(path)") }
        }
        rmdir(folder)
    }
}
