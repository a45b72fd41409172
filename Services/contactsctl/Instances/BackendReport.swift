import FoundationEssentials
import Framing
import Supervision

/// What a running backend says of itself: the answer to ``OperatorTarget/status``.
struct BackendReport {
    /// The members of the answer that are numbers.
    static let numbers = [
        "requests", "failed", "connections", "books", "cards", "residentBytes", "idleSeconds",
    ]
    /// The members of the answer that are texts.
    static let texts = ["version", "started", "lastCommit", "lastCommitTime"]

    private struct Content: Decodable {
        var requests, failed, connections, books, cards, residentBytes, idleSeconds: Int?
        var version, started, lastCommit, lastCommitTime: String?
    }

    private let content: Content

    /// Reads an answer.
    ///
    /// - Throws: ``CommandFailure`` for what is not JSON of that shape.
    init(_ json: String) throws {
        do {
            content = try JSONDecoder().decode(Content.self, from: Data(json.utf8))
        } catch {
            throw CommandFailure(message: "the backend's status cannot be read")
        }
    }

    /// Asks a backend.
    ///
    /// - Returns: `nil` where nobody listens.
    static func ask(_ instance: String, at socket: String) throws -> BackendReport? {
        guard let backend = try BackendConnection(at: socket) else { return nil }
        try backend.begin(OperatorTarget.status, instance)
        try backend.end()
        let head = try backend.answer()
        let text = try backend.text()
        guard head.status == 200 else { throw CommandFailure(message: text) }
        return try BackendReport(text)
    }

    func number(_ name: String) -> Int? {
        switch name {
        case "requests": content.requests
        case "failed": content.failed
        case "connections": content.connections
        case "books": content.books
        case "cards": content.cards
        case "residentBytes": content.residentBytes
        case "idleSeconds": content.idleSeconds
        default: nil
        }
    }

    func text(_ name: String) -> String? {
        switch name {
        case "version": content.version
        case "started": content.started
        case "lastCommit": content.lastCommit
        case "lastCommitTime": content.lastCommitTime
        default: nil
        }
    }

    /// The lines for people.
    var lines: [String] {
        var lines: [String] = []
        if let started = content.started {
            lines.append("  since    \(started), \(content.idleSeconds ?? 0) s idle")
        }
        if let requests = content.requests {
            lines.append("  requests \(requests), \(content.failed ?? 0) failed")
        }
        if let books = content.books, let cards = content.cards {
            let content = [StatusText.count(books, "book"), StatusText.count(cards, "card")]
            lines.append("  content  \(content.joined(separator: ", "))")
        }
        if let commit = content.lastCommit {
            lines.append("  commit   \(commit.prefix(12)), \(content.lastCommitTime ?? "")")
        }
        if let bytes = content.residentBytes { lines.append("  memory   \(bytes >> 20) MiB") }
        return lines
    }
}
