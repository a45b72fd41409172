import Foundation
import TestSupport

/// Debian's litmus, the test suite for WebDAV servers, and what it printed.
struct Litmus {
    /// How one of its tests ended.
    enum Outcome: String {
        case passed = "pass"
        case failed = "FAIL"
        case skipped = "SKIPPED"
    }

    /// The outcomes by suite, number and name (`basic 3 put_get`): a name may come more than once.
    private(set) var outcomes: [String: Outcome] = [:]
    /// Everything that was printed.
    let text: String

    /// Runs suites in a collection; litmus makes one named `litmus` there, and works in it.
    ///
    /// - Parameters:
    ///   - suites: The suites, run one after the other whatever fails.
    ///   - path: The collection's path, with its slash.
    ///   - server: The server under test.
    ///   - upload: What litmus uploads where its suite leaves the content to a file.
    /// - Throws: Where litmus cannot be started.
    init(_ suites: [String], in path: String, of server: TestServer, upload: String) throws {
        let home = server.folder.appending(path: "litmus")
        let documents = home.appending(path: "htdocs")
        try FileManager.default.createDirectory(at: documents, withIntermediateDirectories: true)
        try Data(upload.utf8).write(to: documents.appending(path: "foo"))
        let url = "http://127.0.0.1:\(server.port)\(path)"
        let variables = ["TESTS=\(suites.joined(separator: " "))", "HTDOCS=\(documents.path)"]
        let (name, password) = TestServer.writer
        text = try Client.run(
            "/usr/bin/env",
            variables + ["litmus", "-k", url, name, password],
            home: home,
            mayFail: true
        )
        read()
    }

    /// Reads lines such as ` 3. put_get............... FAIL (reason)`; after a warning the outcome
    /// stands on a line of its own.
    private mutating func read() {
        var suite = ""
        var test = ""
        for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }) {
            if let header = line.firstMatch(of: /-> running `(\w+)':/) {
                suite = String(header.1)
            } else if let begin = line.prefixMatch(of: #/ ?(\d+)\. (\w+?)\.{2,}/#) {
                test = "\(suite) \(begin.1) \(begin.2)"
            }
            if let end = line.firstMatch(of: /\.{2,} (pass|FAIL|SKIPPED)/) {
                outcomes[test] = Outcome(rawValue: String(end.1))
            }
        }
    }
}
