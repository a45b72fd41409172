import TestSupport
import Testing
import WebDAV

/// Devices of different kinds on one book: what one does, all others come to see.
struct TwoDeviceTests {
    /// The kinds of devices.
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case davx5, thunderbird, evolution, kde, outlook, iOS, macOS

        var testDescription: String { rawValue }

        func device(_ server: TestServer) throws -> any Device {
            switch self {
            case .davx5: try DAVx5(server)
            case .thunderbird: try Thunderbird(server)
            case .evolution: try Evolution(server)
            case .kde: try KDE(server)
            case .outlook: try Outlook(server)
            case .iOS: try AppleContacts(server)
            case .macOS: try MacContacts(server)
            }
        }
    }

    /// Each kind with the next one, and the last with the first.
    static let pairs: [(Kind, Kind)] = zip(Kind.allCases, Kind.allCases.dropFirst() + [.davx5])
        .map { ($0, $1) }

    /// What the server holds: the names by UID.
    static func names(on server: TestServer, in book: String) throws -> [String: String] {
        var contacts = LocalContacts()
        for response in try server.propfind(book, depth: "1", "<D:getetag/>").responses.dropFirst()
        {
            let card = try server.request("GET", response.href)
            contacts.take(response.href, card.text, card["etag"] ?? "")
        }
        return contacts.names
    }

    @Test(arguments: pairs)
    func `RFC 6352 §8.7: two devices end with the same contacts`(first: Kind, second: Kind) throws {
        try withServer { server throws in
            let one = try first.device(server)
            let other = try second.device(server)
            for number in 1...12 { one.add("One \(number)", uid: "one-\(number)") }
            other.add("Other 1", uid: "other-1")
            try one.sync()
            try other.sync()
            try one.sync()
            try #require(one.contacts.names.count == 13)
            try #require(one.contacts.names == other.contacts.names)

            one.rename("one-1", to: "By One")
            one.remove("other-1")
            other.rename("one-2", to: "By Other")
            other.remove("one-3")
            other.add("Other 2", uid: "other-2")
            for device in [one, other, one, other] { try device.sync() }

            #expect(one.contacts.names == other.contacts.names)
            #expect(try Self.names(on: server, in: one.book) == one.contacts.names)
            #expect(one.contacts.names["one-1"] == "By One")
            #expect(one.contacts.names["one-2"] == "By Other")
            #expect(one.contacts.names["other-2"] == "Other 2")
            #expect(one.contacts.names.count == 12)
        }
    }

    @Test(arguments: pairs)
    func `RFC 9110 §13.1.1: a card edited on both devices ends the same on both, none lost`(
        first: Kind,
        second: Kind
    ) throws {
        try withServer { server throws in
            let one = try first.device(server)
            let other = try second.device(server)
            one.add("Before", uid: "c")
            one.add("Doomed", uid: "d")
            try one.sync()
            try other.sync()

            one.rename("c", to: "By One")
            other.rename("c", to: "By Other")
            one.remove("d")
            other.rename("d", to: "Kept by Other")
            for device in [one, other, one, other] { try device.sync() }

            #expect(one.contacts.names == other.contacts.names)
            #expect(try Self.names(on: server, in: one.book) == one.contacts.names)
            // Thunderbird sends no condition and so overwrites; all others lose to the first.
            let winner = second == .thunderbird ? "By Other" : "By One"
            #expect(one.contacts.names["c"] == winner)
            let log = try server.git("default", "log", "-p", "--", "default/c.vcf").output
            #expect(log.contains("+FN:By One"))
        }
    }

    @Test func `RFC 6578 §3.4: seven kinds of devices on one book agree`() throws {
        try withServer { server throws in
            let devices = try Kind.allCases.map { try $0.device(server) }
            for (kind, device) in zip(Kind.allCases, devices) {
                device.add("From \(kind)", uid: "uid-\(kind)")
                try device.sync()
            }
            for device in devices { try device.sync() }
            for (kind, device) in zip(Kind.allCases, devices) {
                // Each edits the card of the next.
                let next = Kind.allCases[
                    ((Kind.allCases.firstIndex(of: kind) ?? 0) + 1) % Kind.allCases.count
                ]
                device.rename("uid-\(next)", to: "Edited by \(kind)")
                try device.sync()
            }
            for device in devices { try device.sync() }

            let held = try Self.names(on: server, in: devices[0].book)
            #expect(held.count == 7)
            #expect(held.values.allSatisfy { $0.hasPrefix("Edited by ") })
            for device in devices { #expect(device.contacts.names == held) }
        }
    }

    @Test(arguments: Kind.allCases)
    func `RFC 6578 §3.4: a sync with nothing to tell writes nothing and fetches no card`(
        kind: Kind
    ) throws {
        try withServer { server throws in
            let device = try kind.device(server)
            device.add("One", uid: "one")
            for _ in 0..<3 { try device.sync() }
            let before = try server.git("default", "rev-parse", "HEAD").output

            let methods = try device.methods { try device.sync() }

            #expect(methods.allSatisfy { $0 == "PROPFIND" || $0 == "REPORT" })
            #expect(methods.count <= 1)
            #expect(try server.git("default", "rev-parse", "HEAD").output == before)
        }
    }
}
