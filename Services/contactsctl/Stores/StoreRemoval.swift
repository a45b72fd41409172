import Glibc

/// Deletes a store for ever.
enum StoreRemoval {
    /// Checks that a folder is a store, or not there: nothing else is ever deleted.
    static func check(_ store: String) throws {
        var status = stat()
        guard lstat(store, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return }
            throw StoreRights.failure("look at", store)
        }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        let marks = ["HEAD", "everlock.lock"].map { "\(store)/\($0)" }
        for mark in marks where !isFolder || access(mark, F_OK) != 0 {
            if isFolder, errno == EACCES { throw StoreRights.failure("look at", mark) }
            throw CommandFailure(message: "\(store) is no store of an instance; it is left alone")
        }
    }

    /// Checks that nobody has the lock of a store.
    static func checkIsFree(_ store: String) throws {
        switch StoreHolder.of(store) {
        case .nobody: return
        case .held(let process):
            throw CommandFailure(
                message: "\(store) is in use by process \(process); it is left alone"
            )
        case .unknown(let reason): throw CommandFailure(message: reason)
        }
    }

    /// Deletes a store that nobody has the lock of.
    ///
    /// Root takes the place of the store's owner for what is in it: whoever could put a link there
    /// would else have root follow it.
    static func remove(_ store: String) throws {
        try check(store)
        guard access(store, F_OK) == 0 else { return }
        try checkIsFree(store)
        try StoreOwner.take(store)
        try empty(store)
        try StoreOwner.leave()
        guard rmdir(store) == 0 else { throw FileBytes.failure("remove", store) }
    }

    /// Deletes all that is in a folder, and follows no link.
    static func empty(_ folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0, let stream = fdopendir(descriptor) else {
            throw FileBytes.failure("remove", folder)
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let path = "\(folder)/\(name)"
            if entry.pointee.d_type == UInt8(DT_DIR) {
                try empty(path)
                guard rmdir(path) == 0 else { throw FileBytes.failure("remove", path) }
            } else if unlink(path) != 0 {
                throw FileBytes.failure("remove", path)
            }
        }
    }
}
