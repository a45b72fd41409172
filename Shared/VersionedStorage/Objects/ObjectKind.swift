internal import CLibGit2

/// The kinds of object that the store keeps.
enum ObjectKind: Sendable {
    case blob, tree, commit

    /// The kind as git spells it in the bytes that it hashes.
    var name: String {
        switch self {
        case .blob: "blob"
        case .tree: "tree"
        case .commit: "commit"
        }
    }

    /// The kind of a number that libgit2 uses.
    init?(_ type: git_object_t) {
        switch type {
        case GIT_OBJECT_BLOB: self = .blob
        case GIT_OBJECT_TREE: self = .tree
        case GIT_OBJECT_COMMIT: self = .commit
        default: return nil
        }
    }

    /// The kind of a name that git uses.
    init?(name: String) {
        switch name {
        case "blob": self = .blob
        case "tree": self = .tree
        case "commit": self = .commit
        default: return nil
        }
    }

    /// The kind as libgit2 and packs number it (gitformat-pack, "object types").
    var type: git_object_t {
        switch self {
        case .blob: GIT_OBJECT_BLOB
        case .tree: GIT_OBJECT_TREE
        case .commit: GIT_OBJECT_COMMIT
        }
    }
}
