#if canImport(Glibc)
    import Glibc
#endif

/// The commits that are on disk and not in git yet: two files, used in turn.
///
/// Writers add to the one while a checkpoint puts the other's commits into git. Used by one thread
/// at a time, which is the writer whose turn it is.
final class Journal {
    private let folder: String
    private var files: [JournalFile?] = [nil, nil]
    private var current = 0
    private var sequence: UInt64 = 0
    private var isBegun = false
    /// Why the journal takes no more: a flush failed, and what the disk holds is not known.
    private var failure: StorageError?

    /// The journal of a store; its files are made with the first record.
    init(store: String) throws(StorageError) {
        folder = "\(store)/everlock"
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw StorageError(call: "mkdir", path: folder)
        }
    }

    private func path(_ index: Int) -> String { "\(folder)/journal.\(index)" }

    /// Adds records to the file in use and puts them on disk: all, or none.
    func append(_ records: [[UInt8]]) throws(StorageError) {
        if let failure { throw failure }
        let file = try begunFile()
        let place = file.end
        try file.append(records)
        do throws(StorageError) {
            try file.flush()
        } catch {
            file.truncate(to: place)
            // The header was to be flushed with the first record, and may not be on disk either.
            if place == JournalFile.pageBytes { isBegun = false }
            // After a failed flush the kernel may have dropped the pages and say nothing next time.
            if case .full = error {} else { failure = error }
            throw error
        }
    }

    /// Forgets both files, once everything is in git: the next start has nothing to read, and cannot
    /// take up what somebody has taken back from the branch meanwhile.
    func forget() {
        for file in files { file?.forget() }
        isBegun = false
    }

    /// Turns to the other file: what the one before holds is a checkpoint's to take.
    func turn() {
        guard isBegun else { return }
        current = 1 - current
        isBegun = false
    }

    /// Forgets a failed flush in the file that it failed in: everything else is in git.
    func renew() {
        guard failure != nil else { return }
        turn()
        recover()
    }

    /// Takes nothing until everything is in git, and says why.
    func block(_ failure: StorageError) { self.failure = failure }

    /// Forgets a failed flush, once everything is in git.
    func recover() { failure = nil }

    private func begunFile() throws(StorageError) -> JournalFile {
        let file: JournalFile
        if let open = files[current] {
            file = open
        } else {
            file = try JournalFile(path: path(current))
            files[current] = file
            try FileBytes.flushFolder(folder)
        }
        if !isBegun {
            try file.begin(sequence: sequence + 1)
            sequence += 1
            isBegun = true
        }
        return file
    }

    /// What both files hold, the earlier first.
    func read() throws(StorageError) -> [JournalFile.Contents] {
        var found: [(sequence: UInt64, contents: JournalFile.Contents)] = []
        for index in files.indices where access(path(index), F_OK) == 0 {
            let file = try JournalFile(path: path(index))
            let contents = try file.read()
            found.append((file.sequence, contents))
            files[index] = file
            if file.sequence > sequence {
                sequence = file.sequence
                current = 1 - index
            }
        }
        return found.sorted { $0.sequence < $1.sequence }.map(\.contents)
    }

    /// Keeps the files as they are under other names, for whoever looks into the damage.
    ///
    /// - Returns: The new names.
    func setAside(at time: Int64) -> [String] {
        files = [nil, nil]
        isBegun = false
        return files.indices.compactMap { index in
            let kept = "\(path(index)).damaged-\(time)"
            return rename(path(index), kept) == 0 ? kept : nil
        }
    }
}
