import Glibc

/// Deletes a store for ever.
enum StoreRemoval {
    /// Checks that a folder is a store, or not there: nothing else is ever deleted.
    static func check(_ store: String) throws {
        var status = stat()
        guard lstat(store, &status) == 0 else { return }
        let isStore =
            status.st_mode & S_IFMT == S_IFDIR && access("\(store)/HEAD", F_OK) == 0
            && access("\(store)/everlock.lock", F_OK) == 0
        guard isStore else {
            throw CommandFailure(message: "\(store) is no store of an instance; it is left alone")
        }
    }

    /// Checks that nobody has the lock of a store.
    static func checkIsFree(_ store: String) throws {
        guard let process = StoreHolder.process(of: store) else { return }
        throw CommandFailure(
            message: "\(store) is in use by process \(process); it is left alone"
        )
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

    private static func empty(_ folder: String) throws {
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
