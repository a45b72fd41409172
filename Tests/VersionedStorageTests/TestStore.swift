import Foundation
import Synchronization
import Testing

@testable import VersionedStorage

/// Gives a test a store of its own, and has git check it afterwards.
@discardableResult
func withStore<Value>(_ body: (Store, String) throws -> Value) throws -> Value {
    let path = FileManager.default.temporaryDirectory
        .appending(path: "evl-store-\(UInt32.random(in: 0 ... .max))").path
    defer {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
    }
    let store = try Store(path: path)
    let value = try body(store, path)
    store.close()
    let found = try fsck(path)
    #expect(found == "")
    return value
}

/// What git says, its errors included.
func git(_ path: String, _ arguments: String...) throws -> String {
    try git(path, arguments: arguments)
}

/// What git says, its errors included.
func git(_ path: String, arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/git")
    process.arguments = ["-C", path] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}

let message = CommitMessage(author: "Tester", email: "tester@example", subject: "Test")

extension Store {
    func put(_ text: String, as name: String, in folder: String = "book") throws {
        _ = try commit { transaction in
            try transaction.write(
                Array(text.utf8),
                to: name,
                in: folder,
                key: UInt64(text.utf8.count)
            )
            transaction.describe(message)
        }
    }
}

extension Store {
    /// Takes a file out of its folder.
    func remove(_ name: String, in folder: String = "book") throws {
        _ = try commit { transaction in
            transaction.remove(name, in: folder)
            transaction.describe(message)
        }
    }

    /// What the folders hold, as text.
    var contents: [String: String] {
        get throws {
            var contents: [String: String] = [:]
            for folder in snapshot.folders.values {
                for index in 0..<folder.tree.count {
                    let entry = folder.tree.entry(at: index)
                    contents["\(folder.name)/\(entry.name)"] = String(
                        decoding: try blob(entry.id),
                        as: UTF8.self
                    )
                }
            }
            return contents
        }
    }
}

/// What a store warns of.
final class Warnings: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    @Sendable func add(_ text: String) { texts.withLock { $0.append(text) } }
}

/// Gives a test a copy of a store as a process that was killed this moment would leave it.
func withCrashed<Value>(
    _ path: String,
    _ body: (String) throws -> Value
) throws -> Value {
    let copy = "\(path)-crashed-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    defer {
        do { try FileManager.default.removeItem(atPath: copy) } catch { Issue.record(error) }
    }
    return try body(copy)
}

/// Commits with git alone what is done to a check-out, and pushes it.
///
/// - Returns: What the push says: nothing where it is accepted.
func pushByHand(_ path: String, _ change: (String) throws -> Void) throws -> String {
    try withFolder { clone throws in
        _ = try git("/", "clone", "--quiet", path, clone)
        try change(clone)
        _ = try git(clone, "add", "--all")
        let identity = ["-c", "user.name=P", "-c", "user.email=p@example"]
        _ = try git(clone, arguments: identity + ["commit", "--quiet", "-m", "by hand"])
        return try git(clone, "push", "--quiet", "origin", "HEAD:main")
    }
}

/// Has the journal's writes go nowhere and its flushes fail, as long as the body runs.
func withFailingFlushes<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    var held: [(descriptor: Int32, copy: Int32)] = []
    defer {
        for (descriptor, copy) in held.reversed() {
            dup2(copy, descriptor)
            close(copy)
        }
        close(nowhere)
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
        let link = "/proc/self/fd/\(name)"
        var target = [CChar](repeating: 0, count: 4_096)
        let count = readlink(link, &target, target.count)
        let bytes = target.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
        let file = String(decoding: bytes, as: UTF8.self)
        guard let descriptor = Int32(name), file.hasPrefix("\(path)/everlock/journal.") else {
            continue
        }
        held.append((descriptor, fcntl(descriptor, F_DUPFD_CLOEXEC, 0)))
        dup2(nowhere, descriptor)
    }
    return try body()
}

/// What git finds wrong.
func fsck(_ path: String) throws -> String {
    try git(path, "fsck", "--strict", "--full", "--no-dangling")
}

/// A folder for a store that is gone afterwards.
func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let path = FileManager.default.temporaryDirectory
        .appending(path: "evl-folder-\(UInt32.random(in: 0 ... .max))").path
    defer {
        if FileManager.default.fileExists(atPath: path) {
            do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
        }
    }
    return try body(path)
}
