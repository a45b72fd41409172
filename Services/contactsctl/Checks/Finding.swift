import Settings

/// One thing that a check found.
struct Finding: Equatable {
    enum Severity: String {
        /// Something does not work, or is not safe.
        case error
        /// Somebody should look.
        case warning
    }

    let severity: Severity
    let error: SettingsError

    init(_ error: SettingsError) {
        severity = .error
        self.error = error
    }

    init(warning: SettingsError) {
        severity = .warning
        error = warning
    }

    var text: String { severity == .warning ? "warning: \(error)" : "\(error)" }

    var json: JSON.Value {
        .members([
            "severity": .text(severity.rawValue), "file": .text(error.file),
            "line": .optional(error.line), "key": .optional(error.key),
            "problem": .text(error.problem), "remedy": .optional(error.remedy),
        ])
    }
}
