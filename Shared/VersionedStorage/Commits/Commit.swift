/// One commit, read from its object.
public struct Commit: Sendable, Equatable {
    /// The commit's own id.
    public let id: ObjectID
    /// The tree of the whole repository.
    public let tree: ObjectID
    /// The commit before it in the store's line; further parents, of a merge, are not followed.
    public let parent: ObjectID?
    /// The further parents of a merge.
    let merged: [ObjectID]
    /// When it was made, in seconds since 1970.
    public let time: Int64

    /// Reads the header of a commit object.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` where a line that git demands is missing.
    init(id: ObjectID, parsing bytes: [UInt8]) throws(StorageError) {
        var tree: ObjectID?
        var parents: [ObjectID] = []
        var time: Int64?
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            // A line of a signature, whatever it says.
            if line.first == 0x20 { continue }
            let words = line.split(separator: 0x20)
            switch words.first.map({ String(decoding: $0, as: UTF8.self) }) {
            case "tree" where words.count == 2: tree = ObjectID(hex: Self.text(words[1]))
            case "parent" where words.count == 2:
                if let parent = ObjectID(hex: Self.text(words[1])) { parents.append(parent) }
            case "committer" where words.count >= 3:
                time = Int64(Self.text(words[words.count - 2]))
            default: continue
            }
        }
        guard let tree, let time else { throw StorageError.damaged("commit \(id.hex)") }
        self.id = id
        self.tree = tree
        parent = parents.first
        merged = Array(parents.dropFirst())
        self.time = time
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension Commit {
    /// The bytes of a commit object.
    static func encode(tree: ObjectID, parents: [ObjectID], text: [UInt8]) -> [UInt8] {
        let lines = ["tree \(tree.hex)\n"] + parents.map { "parent \($0.hex)\n" }
        return Array(lines.joined().utf8) + text
    }

    /// What a commit object has behind its tree and parents.
    static func text(of raw: [UInt8]) -> [UInt8] {
        var rest = raw[...]
        while rest.starts(with: "tree ".utf8) || rest.starts(with: "parent ".utf8) {
            guard let end = rest.firstIndex(of: 0x0A) else { break }
            rest = rest[(end + 1)...]
        }
        return Array(rest)
    }
}

/// Who made a change and why, as the commit tells it.
public struct CommitMessage: Sendable, Equatable {
    /// The longest subject or trailer kept, in bytes; what is longer is cut.
    public static let maximumLineBytes = 500

    /// The author's name.
    public let author: String
    /// The author's address, as git wants one.
    public let email: String
    /// The first line.
    public let subject: String
    /// Lines of the form `Name: value` at the end of the message.
    public let trailers: [Trailer]

    /// One `Name: value` line, as `git interpret-trailers` reads it.
    public struct Trailer: Sendable, Equatable {
        /// The part before the colon.
        public let name: String
        /// The part behind it.
        public let value: String

        /// Joins a name and a value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Takes the parts as they come; whatever would break a commit object is replaced on writing.
    public init(author: String, email: String, subject: String, trailers: [Trailer] = []) {
        self.author = author
        self.email = email
        self.subject = subject
        self.trailers = trailers
    }

    /// What a commit object has behind its tree and parents.
    func text(at time: Int64) -> [UInt8] {
        let name = Self.identity(author, fallback: "unknown")
        let mail = Self.identity(email, fallback: "unknown")
        let signature = "\(name) <\(mail)> \(time) +0000"
        var text = "author \(signature)\ncommitter \(signature)\n\n\(Self.line(subject))\n"
        let kept = trailers.filter { !$0.value.isEmpty }
        if !kept.isEmpty { text += "\n" }
        for trailer in kept { text += "\(Self.line(trailer.name)): \(Self.line(trailer.value))\n" }
        return Array(text.utf8)
    }

    /// A text on one line: control characters become spaces, and what is too long is cut.
    private static func line(_ text: String) -> String {
        var line = ""
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= maximumLineBytes else { break }
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            line.unicodeScalars.append(isControl ? " " : scalar)
        }
        return line
    }

    /// A name or an address without the characters that end one in a commit object.
    private static func identity(_ text: String, fallback: String) -> String {
        let kept = line(text).filter { $0 != "<" && $0 != ">" }
        let trimmed = kept.drop { $0 == " " }
        return trimmed.isEmpty ? fallback : String(trimmed)
    }
}
