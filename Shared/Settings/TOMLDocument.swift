internal import CTOML

/// Reads TOML 1.0 with toml++.
public enum TOMLDocument {
    /// The largest document, in bytes.
    public static let maximumBytes = 16 * 1024 * 1024
    /// How many tables and lists may lie in one another; also the parts of a dotted key.
    public static let maximumDepth = 16

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: The document, in UTF-8.
    ///   - file: What errors call it.
    /// - Returns: The table at its root.
    /// - Throws: ``SettingsError`` with the line that is malformed or nested too deep.
    public static func parse(
        _ bytes: [UInt8],
        file: String
    ) throws(SettingsError) -> TOMLTable {
        guard bytes.count <= maximumBytes else {
            throw SettingsError(file: file, problem: "larger than \(maximumBytes) bytes")
        }
        // toml++ bounds brackets in brackets, but not the parts of a dotted key, and frees its
        // tables by recursion: a key of a million parts would end the process.
        if let line = TOMLDottedKeys.lineOfKey(longerThan: maximumDepth, in: bytes) {
            throw tooDeep(file, line)
        }
        return try walk(bytes, file)
    }

    /// Reads a file.
    ///
    /// - Throws: ``SettingsError``, for one where it cannot be read.
    public static func read(path: String) throws(SettingsError) -> TOMLTable {
        try parse(File.read(path, limit: maximumBytes), file: path)
    }

    private static func walk(
        _ bytes: [UInt8],
        _ file: String
    ) throws(SettingsError) -> TOMLTable {
        let builder = TOMLBuilder()
        var error = everlock_toml_error()
        // The builder outlives the call, which is the only one that uses the pointer.
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe everlock_toml_parse(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                buffer.count,
                { context, event in
                    guard let context = unsafe context, let event = unsafe event else { return }
                    unsafe Unmanaged<TOMLBuilder>.fromOpaque(context).takeUnretainedValue()
                        .take(event.pointee)
                },
                Unmanaged.passUnretained(builder).toOpaque(),
                &error
            )
        }
        if let line = builder.lineTooDeep { throw tooDeep(file, line) }
        guard code == 0, let root = builder.root else {
            // The message is a C string that ends inside its array.
            let message = unsafe withUnsafeBytes(of: error.message) { buffer in
                unsafe String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw SettingsError(
                file: file,
                line: error.line > 0 ? Int(error.line) : nil,
                problem: message
            )
        }
        return root
    }

    private static func tooDeep(_ file: String, _ line: Int) -> SettingsError {
        SettingsError(
            file: file,
            line: line,
            problem: "tables and lists are nested deeper than \(maximumDepth)"
        )
    }
}
