/// A line that shows how far something has come, where somebody watches: a bar where the whole is
/// known, counts, and a rate.
struct ProgressBar {
    private static let redrawEvery = Duration.milliseconds(100)
    private static let width = 30

    private let what: String
    private let totalBytes: Int
    private let start = ContinuousClock.now
    private var drawn: ContinuousClock.Instant?

    /// - Parameters:
    ///   - what: What is counted, for example `cards`.
    ///   - totalBytes: How many bytes there are to go through; zero where that is not known.
    init(_ what: String, totalBytes: Int = 0) {
        self.what = what
        self.totalBytes = totalBytes
    }

    /// Shows a count, ten times a second at the most.
    mutating func show(_ count: Int, bytes: Int = 0) {
        guard Terminal.isInteractive else { return }
        let now = ContinuousClock.now
        if let drawn, now - drawn < Self.redrawEvery { return }
        drawn = now
        Terminal.progress(line(count, bytes: bytes, after: now - start))
    }

    /// Takes the line away.
    func end() { if drawn != nil { Terminal.endProgress() } }

    /// The line after some time.
    func line(_ count: Int, bytes: Int, after time: Duration) -> String {
        var text = ""
        if totalBytes > 0 {
            let share = min(1, Double(bytes) / Double(totalBytes))
            let filled = Int(share * Double(Self.width))
            text += "[" + String(repeating: "#", count: filled)
            text += String(repeating: "-", count: Self.width - filled) + "] "
            text += "\(Int(share * 100)) %, "
        }
        let seconds = time / Duration.seconds(1)
        text += "\(count) \(what)"
        return seconds < 0.2 ? text : text + ", \(Int(Double(count) / seconds))/s"
    }
}
