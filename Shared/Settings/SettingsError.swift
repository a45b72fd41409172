/// What is wrong in a settings file, and what would be right.
public struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file, as it was named.
    public let file: String
    /// The line; `nil` where the file as a whole is meant.
    public let line: Int?
    /// The key, with those above it: `instances.default.vhosts`.
    public let key: String?
    /// What is wrong.
    public let problem: String
    /// What to write instead, where that can be said.
    public let remedy: String?

    /// Joins the parts of an error.
    public init(
        file: String,
        line: Int? = nil,
        key: String? = nil,
        problem: String,
        remedy: String? = nil
    ) {
        self.file = file
        self.line = line
        self.key = key
        self.problem = problem
        self.remedy = remedy
    }

    /// `contacts.toml:7: instances.default.vhosts: must be …; write …`
    public var description: String {
        var text = file
        if let line { text += ":\(line)" }
        text += ": "
        if let key { text += "\(key): " }
        text += problem
        if let remedy { text += "; \(remedy)" }
        return text
    }
}
