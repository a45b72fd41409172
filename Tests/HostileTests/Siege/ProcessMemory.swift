import Foundation
import TestSupport

/// What a process takes of memory, as the kernel counts it (proc(5), `VmRSS` and `VmHWM`).
struct ProcessMemory {
    let residentMiB: Double
    /// The most since the mark was set.
    let peakMiB: Double

    /// Reads it now.
    ///
    /// - Throws: Where the process is gone.
    init(of process: Int32) throws {
        let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        func kibibytes(_ key: String) throws -> Double {
            let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
            guard let words = line?.split(whereSeparator: \.isWhitespace), words.count > 1,
                let value = Double(words[1])
            else { throw TestServer.Failure("process \(process) has no \(key)") }
            return value
        }
        residentMiB = try kibibytes("VmRSS:") / 1_024
        peakMiB = try kibibytes("VmHWM:") / 1_024
    }

    /// Lets the peak begin at what the process takes now.
    static func setMark(of process: Int32) throws {
        try Data("5".utf8).write(to: URL(filePath: "/proc/\(process)/clear_refs"))
    }
}
