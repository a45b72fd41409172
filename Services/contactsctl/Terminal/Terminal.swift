import Glibc

/// What goes to people.
enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) == 1

    static func say(_ text: String) { put(text + "\n", STDOUT_FILENO) }

    static func complain(_ text: String) { put("contactsctl: \(text)\n", STDERR_FILENO) }

    /// A line that the next one overwrites; nothing where nobody watches.
    static func progress(_ text: String) {
        if isInteractive { put("\r\u{1B}[K\(text)", STDERR_FILENO) }
    }

    static func endProgress() {
        if isInteractive { put("\r\u{1B}[K", STDERR_FILENO) }
    }

    static func put(_ text: String, _ descriptor: Int32) { put(Array(text.utf8), descriptor) }

    static func put(_ bytes: [UInt8], _ descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            // Whoever read the output has gone; there is nobody to tell.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
