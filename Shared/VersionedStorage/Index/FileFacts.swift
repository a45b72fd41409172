/// What the store knows of each file of a folder without reading it; one value for each entry of
/// the folder's tree, in its order.
///
/// Derived: it follows from the files and can be made anew at any time.
struct FileFacts: Sendable, Equatable {
    /// The bytes of each file; files of 4 GiB and more count as that.
    private(set) var sizes: [UInt32] = []
    /// The key of each file, as the store's owner derives it from the content.
    private(set) var keys: [UInt64] = []

    /// The facts of one file.
    struct Fact: Sendable, Equatable {
        let size: UInt32
        let key: UInt64

        /// Joins a size and a key.
        init(bytes: Int, key: UInt64) {
            size = UInt32(clamping: bytes)
            self.key = key
        }
    }

    /// The facts of a folder without files.
    static let empty = FileFacts(sizes: [], keys: [])

    /// Joins two columns of the same length.
    init(sizes: [UInt32], keys: [UInt64]) {
        self.sizes = sizes
        self.keys = keys
    }

    /// The facts after the splices of the tree; `fact` gives those of what an edit puts in.
    func applying(_ splices: [TreeSplice], fact: (Int) -> Fact) -> FileFacts {
        FileFacts(
            sizes: sizes.applying(splices) { edit, _ in fact(edit).size },
            keys: keys.applying(splices) { edit, _ in fact(edit).key }
        )
    }
}

/// When each file of a folder was made and last changed; one value for each entry of the folder's
/// tree, in seconds since 1970.
///
/// Derived from the history, of which it spares the walk.
struct FileTimes: Sendable, Equatable {
    private(set) var created: [Int64]
    private(set) var modified: [Int64]

    /// The times of a folder without files.
    static let empty = FileTimes(created: [], modified: [])

    /// Joins two columns of the same length.
    init(created: [Int64], modified: [Int64]) {
        self.created = created
        self.modified = modified
    }

    /// The times after the splices of the tree, made at a time.
    func applying(_ splices: [TreeSplice], at time: Int64) -> FileTimes {
        FileTimes(
            created: created.applying(splices) { _, held in held ?? time },
            modified: modified.applying(splices) { _, _ in time }
        )
    }
}
