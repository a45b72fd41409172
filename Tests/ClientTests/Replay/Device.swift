import Foundation
import TestSupport

/// The contacts on one device, and what its user did to them since it last synced.
struct LocalContacts {
    enum Change { case made, edited, removed }

    struct Contact {
        var text: String
        /// As the client keeps it: some with quotes, some without; `nil` where it must ask.
        var etag: String?
        var change: Change?
    }

    /// By the path of the card.
    var all: [String: Contact] = [:]

    /// What the user sees: the formatted name of each contact, by UID.
    var names: [String: String] {
        Dictionary(
            all.values.filter { $0.change != .removed }.map { contact in
                (CardText.value("UID", in: contact.text), CardText.value("FN", in: contact.text))
            },
            uniquingKeysWith: { "\($0) and \($1)" }
        )
    }

    /// The paths of contacts with a change, in the order that clients send them.
    func changed(_ change: Change) -> [String] {
        all.filter { $0.value.change == change }.keys.sorted()
    }

    /// Takes what the server has, unless the user's own change is still to be sent.
    mutating func take(_ href: String, _ text: String, _ etag: String) {
        all[href] = Contact(text: text, etag: etag, change: nil)
    }

    /// Forgets what is not on the server any more, except what was just made here.
    mutating func keepOnly(_ hrefs: Set<String>) {
        all = all.filter { hrefs.contains($0.key) || $0.value.change == .made }
    }
}

/// Cards as the clients write them.
enum CardText {
    static func card(_ name: String, uid: String, version: String) -> String {
        """
        BEGIN:VCARD\r
        VERSION:\(version)\r
        UID:\(uid)\r
        FN:\(name)\r
        N:\(name);;;;\r
        END:VCARD\r

        """
    }

    /// The value of a property, whatever its parameters.
    static func value(_ property: String, in card: String) -> String {
        for line in card.replacing("\r\n", with: "\n").split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].prefix { $0 != ";" }.uppercased()
            if name == property {
                return String(line[line.index(after: colon)...]).replacing("urn:uuid:", with: "")
            }
        }
        return ""
    }
}

/// A device that syncs one book of a server.
protocol Device: AnyObject {
    init(_ server: TestServer, user: (String, String)) throws
    var wire: Wire { get }
    var contacts: LocalContacts { get set }
    /// The path of the book that was found.
    var book: String { get }
    /// The version of the cards that it writes.
    var version: String { get }
    func sync() throws
}

extension Device {
    init(_ server: TestServer) throws { try self.init(server, user: TestServer.writer) }

    func add(_ name: String, uid: String) {
        contacts.all[href(uid)] = LocalContacts.Contact(
            text: CardText.card(name, uid: uid, version: version),
            etag: nil,
            change: .made
        )
    }

    func rename(_ uid: String, to name: String) {
        let href = href(uid)
        contacts.all[href]?.text = CardText.card(name, uid: uid, version: version)
        if contacts.all[href]?.change == nil { contacts.all[href]?.change = .edited }
    }

    func remove(_ uid: String) { contacts.all[href(uid)]?.change = .removed }

    /// The requests of a step, without those that were only asked for credentials.
    func methods(_ step: () throws -> Void) rethrows -> [String] {
        let before = wire.exchanges.count
        try step()
        return wire.exchanges[before...].filter { $0.status != 401 }.map(\.method)
    }

    /// All of these clients name a card after its UID.
    private func href(_ uid: String) -> String { "\(book)\(uid).vcf" }
}
