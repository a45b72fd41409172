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

    /// The kind as libgit2 and packs number it (gitformat-pack, "object types").
    var type: git_object_t {
        switch self {
        case .blob: GIT_OBJECT_BLOB
        case .tree: GIT_OBJECT_TREE
        case .commit: GIT_OBJECT_COMMIT
        }
    }
}
