import Glibc
import Synchronization

/// What goes to people.
enum Terminal {
    /// Why a result was lost; zero while none was.
    private static let loss = Atomic<Int32>(0)

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
        if FileBytes.write(bytes, to: descriptor) { return }
        let code = errno
        // Whoever read the output has gone; there is nobody to tell. What is said on standard error
        // has no other place to be told in.
        guard code != EPIPE, descriptor == STDOUT_FILENO else { return }
        _ = loss.compareExchange(expected: 0, desired: code, ordering: .relaxed)
    }

    /// Says what has become of standard output.
    ///
    /// - Throws: ``CommandFailure`` where a result was lost, to a full disk for example.
    static func checkOutput() throws {
        let code = loss.load(ordering: .relaxed)
        guard code != 0 else { return }
        errno = code
        throw FileBytes.failure("write", "standard output")
    }
}
