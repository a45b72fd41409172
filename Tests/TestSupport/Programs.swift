public import Foundation

/// The programs under test, built beside the tests.
public enum Programs {
    /// The folder of the programs: that of the running test bundle.
    public static let folder: URL = {
        let own =
            FileManager.default.isReadableFile(atPath: "/proc/self/exe")
            ? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath() : Bundle.main.bundleURL
        return own.deletingLastPathComponent()
    }()

    /// What a program that has ended left behind.
    public struct Result: Sendable {
        /// The exit status.
        public let status: Int32
        /// Standard output.
        public let output: String
        /// Standard error.
        public let errors: String
    }

    /// Runs a program of ours, or of the system by its path, to its end.
    @discardableResult
    public static func run(
        _ program: String,
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL =
            program.hasPrefix("/")
            ? URL(filePath: program) : folder.appending(path: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        let errors = Pipe()
        let source = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = source
        try process.run()
        try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try source.fileHandleForWriting.close()
        let errorText = ErrorText(errors)
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: outputData, as: UTF8.self),
            errors: errorText.text
        )
    }

    /// Reads one pipe while another is read too.
    private final class ErrorText: @unchecked Sendable {
        // Written by the thread below before the semaphore is signalled, read after.
        private var data = Data()
        private let done = DispatchSemaphore(value: 0)

        init(_ pipe: Pipe) {
            let handle = pipe.fileHandleForReading
            Foundation.Thread.detachNewThread { [self] in
                data = handle.readDataToEndOfFile()
                done.signal()
            }
        }

        var text: String {
            done.wait()
            return String(decoding: data, as: UTF8.self)
        }
    }
}
