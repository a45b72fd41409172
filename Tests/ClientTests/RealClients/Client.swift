import Foundation
import TestSupport

/// A client program, as `Tests/run` installs it from Debian.
enum Client {
    /// What a program said when it failed.
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// The tests' own folder of scripts.
    private static let scripts = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Scripts")

    /// Runs a program with a home folder of its own, where it also begins.
    ///
    /// - Throws: ``Failed`` where it ends with another status than 0.
    @discardableResult
    static func run(
        _ program: String,
        _ arguments: [String],
        home: URL,
        input: String = "",
        mayFail: Bool = false
    ) throws -> String {
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let result = try Programs.run(
            "/bin/sh",
            ["-c", "cd \"$HOME\" && exec \"$0\" \"$@\"", program] + arguments,
            input: input,
            environment: ["HOME": home.path, "LC_ALL": "C.UTF-8", "XDG_RUNTIME_DIR": home.path]
        )
        guard mayFail || result.status == 0 else {
            throw Failed(description: "\(program): \(result.output)\(result.errors)")
        }
        return result.output
    }

    /// Runs a script of this folder under Debian's Python, which sees Debian's modules; it prints
    /// what the client understood.
    static func report<Report: Decodable>(
        _ script: String,
        _ arguments: String...,
        home: URL
    ) throws -> Report {
        let path = scripts.appending(path: script).path
        let output = try run("/usr/bin/python3", [path] + arguments, home: home)
        return try JSONDecoder().decode(Report.self, from: Data(output.utf8))
    }
}
