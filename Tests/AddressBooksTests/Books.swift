import AddressBooks
import Foundation
import Testing

/// Who changes the books of tests.
let author = Author(user: "alice", instance: "test")

/// A small card.
func card(_ name: String, uid: String?) -> [UInt8] {
    let uid = uid.map { "UID:\($0)\r\n" } ?? ""
    return Array("BEGIN:VCARD\r\nVERSION:3.0\r\n\(uid)FN:\(name)\r\nEND:VCARD\r\n".utf8)
}

/// Makes a store with the standard book, and takes it down.
func withBook<Value>(_ body: (AddressBookStore, BookName) throws -> Value) throws -> Value {
    let path = FileManager.default.temporaryDirectory
        .appending(path: "evl-books-\(UInt32.random(in: 0 ... .max))").path
    defer {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
    }
    let store = try AddressBookStore(path: path) { Issue.record("\($0)") }
    try store.createBook(.standard, BookProperties(displayName: "Mine"), by: author)
    return try body(store, .standard)
}
