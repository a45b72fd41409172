#if canImport(Glibc)
    import Glibc
#endif

/// Why the store could not do what was asked of it.
public enum StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process owns the store; `holder` is what it wrote about itself.
    case inUse(path: String, holder: String)

    /// The store has been closed.
    case closed

    /// The object is not in the repository, or a path names nothing.
    case notFound(String)

    /// An object or a file is there but cannot be read as what it should be.
    case damaged(String)

    /// There is no room, or the quota is used up (`ENOSPC`, `EDQUOT`).
    case full(String)

    /// A name cannot be kept in a git tree: empty, `.`, `..`, `.git`, a slash or a NUL in it.
    case invalidName(String)

    /// An object is larger than the limit the caller gave.
    case tooLarge(bytes: Int, limit: Int)

    /// A system call failed.
    case system(call: String, path: String, code: Int32)

    /// libgit2 failed for a reason that has no case of its own.
    case git(call: String, code: Int32, category: Int32, message: String)

    /// What a log says of the error.
    public var description: String {
        switch self {
        case .inUse(let path, let holder): "the store \(path) is in use by \(holder)"
        case .closed: "the store has been closed"
        case .notFound(let what): "not found: \(what)"
        case .damaged(let what): "damaged: \(what)"
        case .full(let what): "no room left on the disk: \(what)"
        case .invalidName(let name): "a name that git cannot keep: \(name.debugDescription)"
        case .tooLarge(let bytes, let limit): "\(bytes) bytes, and \(limit) is the limit"
        case .system(let call, let path, let code):
            "\(call) \(path): \(String(cString: strerror(code)))\(Self.remedy(code))"
        case .git(let call, let code, let category, let message):
            "\(call): \(message) (code \(code), class \(category))"
        }
    }

    private static func remedy(_ code: Int32) -> String {
        switch code {
        case EROFS: "; the store needs a file system that can be written to"
        case EACCES, EPERM: "; the store's folder and files must belong to the service's user"
        case EIO: "; the disk reports errors, look at the system's log"
        default: ""
        }
    }
}
