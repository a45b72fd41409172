import Foundation
import TestSupport

/// One client that writes what the test tells it to, on a connection that stays open, and keeps the
/// ledger of it.
final class CardWriter {
    private let server: TestServer
    private(set) var ledger = Ledger()

    init(_ server: TestServer) { self.server = server }

    /// Puts a card of about so many bytes; says the answer's status.
    @discardableResult
    func put(_ name: String, _ revision: Int, bytes: Int = 100) throws -> Int {
        let note = String(repeating: "\(name) \(revision) ", count: max(1, bytes / 10))
        let card = TestCard.text("\(name) \(revision)", uid: name, "NOTE:\(note)")
        return try write(name, Array(card.utf8)) {
            try server.request("PUT", StoreCheck.book + name, body: card)
        }
    }

    /// Deletes a card; says the answer's status.
    @discardableResult
    func delete(_ name: String) throws -> Int {
        try write(name, nil) { try server.request("DELETE", StoreCheck.book + name) }
    }

    private func write(
        _ name: String,
        _ state: Ledger.State,
        _ request: () throws -> HTTPAnswer
    ) throws -> Int {
        let before = ledger.cards[name]
        ledger.began(name, state)
        let status = try request().status
        switch status {
        case 200..<300: ledger.settled(name, state)
        case 400..<500, 507: ledger.refused(name, before: before)
        default: break
        }
        return status
    }

    /// What is wrong with what the server serves.
    func problems(ignoringListing: Bool = false) throws -> [String] {
        try StoreCheck.look(at: server, ledger, ignoringListing: ignoringListing).problems
    }
}
