import AddressBooks
import Framing
import Glibc
import Supervision
import WebDAV

/// How the backend is doing, for people and for programs.
struct StatusReport {
    let instance: String
    /// When it began to serve, in seconds since 1970.
    let started: Int64
    let counts: Activity.Counts
    let idleTime: Duration
    let store: AddressBookStore.Summary

    /// What ``OperatorTarget/status`` is answered with.
    var json: String {
        let fields: [(String, String)] = [
            ("instance", Self.quote(instance)), ("pid", "\(getpid())"),
            ("version", Self.quote(ServiceVersion.current)),
            ("started", Self.quote(HTTPDate.iso8601(secondsSince1970: started))),
            ("requests", "\(counts.requests)"), ("failed", "\(counts.failed)"),
            ("connections", "\(counts.connections)"), ("books", "\(store.books)"),
            ("cards", "\(store.cards)"),
            ("lastCommit", store.lastCommit.map { Self.quote($0.text) } ?? "null"),
            (
                "lastCommitTime",
                store.lastCommitTime.map { Self.quote(HTTPDate.iso8601(secondsSince1970: $0)) }
                    ?? "null"
            ),
            ("residentBytes", "\(Self.residentBytes)"),
            ("idleSeconds", "\(idleTime.components.seconds)"),
        ]
        return "{\(fields.map { "\"\($0)\":\($1)" }.joined(separator: ","))}\n"
    }

    /// What `systemctl status` shows.
    var line: String {
        let failed = counts.failed > 0 ? " (\(StatusText.grouped(counts.failed)) failed)" : ""
        var parts = [
            StatusText.count(store.books, "book"), StatusText.count(store.cards, "card"),
            StatusText.count(counts.requests, "request") + failed,
        ]
        if let commit = store.lastCommit, let time = store.lastCommitTime {
            let date = HTTPDate.iso8601(secondsSince1970: time)
            parts.append("last commit \(commit.text.prefix(7)) at \(date)")
        }
        return "Serving: \(parts.joined(separator: ", "))"
    }

    /// What is in here has no character that JSON would escape: names, numbers and dates.
    private static func quote(_ text: String) -> String { "\"\(text)\"" }

    /// The memory that is in use (proc(5), `statm`); 0 where the kernel does not tell.
    private static var residentBytes: Int {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &text, text.count)
        let fields = text.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else {
            return 0
        }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
