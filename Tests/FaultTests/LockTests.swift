import Foundation
import TestSupport
import Testing

/// Two owners for one store.
struct LockTests {
    @Test func `a second backend ends with an error that names the first`() throws {
        try withServer { server throws in
            let second = try Self.start(server.folder, server.folder)

            #expect(second.status == 1)
            #expect(second.errors.contains("process \(server.backendID("default"))"))
            #expect(try server.request("GET", StoreCheck.book).status == 200)
        }
    }

    @Test func `a second backend leaves the socket of the first alone`() throws {
        try withServer { server throws in
            let second = try Self.start(server.folder, server.folder.appending(path: "run"))

            #expect(second.status == 1)
            let put = try server.request(
                "PUT",
                "\(StoreCheck.book)a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            #expect(put.status == 201)
        }
    }

    @Test func `of several backends that start at once only one serves`() throws {
        try withServer { server throws in
            server.stopBackend("default")
            let folder = server.folder

            let refused = try Crew.working { crew throws in
                for number in 0..<4 {
                    crew.start { if try Self.isRefused(folder, number) { crew.countOne() } }
                }
                try crew.wait(for: 3)
                return crew
            }

            #expect(refused.done == 3)
        }
    }

    @Test func `the lock of a killed backend is free`() throws {
        try withServer { server throws in
            server.stopBackend("default", SIGKILL)

            try server.startBackend("default")

            #expect(try server.request("GET", StoreCheck.book).status == 200)
        }
    }

    /// Runs a backend; says whether it found the store in use.
    private static func isRefused(_ folder: URL, _ number: Int) throws -> Bool {
        let runtime = folder.appending(path: "run\(number)")
        try FileManager.default.createDirectory(at: runtime, withIntermediateDirectories: true)
        let ended = try start(folder, runtime)
        // One that comes before the first has put its name down cannot give it.
        return ended.status == 1 && ended.errors.contains("is in use by")
    }

    /// Runs a backend that should end by itself, and ends it where it does not.
    private static func start(_ folder: URL, _ runtime: URL) throws -> Programs.Result {
        try Programs.run(
            "/usr/bin/timeout",
            [
                "3", Programs.folder.appending(path: "contacts-backend").path, "--config",
                folder.path, "--state", folder.path, "--runtime", runtime.path, "default",
            ]
        )
    }
}
