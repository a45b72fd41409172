/// One commit that is made and not in git yet: all that the journal and the pack have to hold.
struct PreparedCommit: Sendable {
    /// The commit's id, which is final.
    let id: ObjectID
    /// The commit object's bytes.
    let raw: [UInt8]
    /// When it was made, in seconds since 1970.
    let time: Int64
    /// The top of the repository after it.
    let rootID: ObjectID
    /// What it changed, a folder each.
    let folders: [FolderChange]
    /// The blobs that it brought.
    let blobs: [(id: ObjectID, bytes: [UInt8])]
}

/// What one commit changed in one folder.
struct FolderChange: Sendable {
    /// The folder's name.
    let folder: String
    /// The folder's tree before; `nil` where there was none.
    let before: ObjectID?
    /// The folder's tree after; `nil` where it is gone.
    let after: ObjectID?
    /// What changed in it, in git's order.
    let changes: [TreeChange]
}
