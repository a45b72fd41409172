/// One commit as the journal keeps it: its object, the edits of each folder, the blobs it brought.
///
/// The trees are not kept: they follow from the edits, and the commit names the top one, so that
/// reading a record back shows whether it was applied to what it was made for.
struct JournalRecord: Equatable {
    /// The edits of one folder.
    struct FolderEdits: Equatable {
        let folder: String
        /// The id of the folder's tree after; `nil` where the folder is gone.
        let after: ObjectID?
        let edits: [TreeEdit]
    }

    let commit: [UInt8]
    let folders: [FolderEdits]
    let blobs: [[UInt8]]

    /// The longest name that a record can have, in bytes.
    static let maximumNameBytes = Int(UInt16.max)

    private static let version: UInt8 = 2

    /// Joins the parts.
    init(commit: [UInt8], folders: [FolderEdits], blobs: [[UInt8]]) {
        self.commit = commit
        self.folders = folders
        self.blobs = blobs
    }

    /// The record of a commit that was just made.
    init(_ commit: PreparedCommit) {
        self.commit = commit.raw
        folders = commit.folders.map { change in
            FolderEdits(
                folder: change.folder,
                after: change.after,
                edits: change.changes.map { TreeEdit($0) }
            )
        }
        blobs = commit.blobs.map(\.bytes)
    }

    /// The record's bytes, all numbers big-endian:
    ///
    /// ```
    /// version 1 | commit 4+n | folders 4 { name 2+n | after 20 | edits 4 { kind 1 | name 2+n | id 20 } }
    ///           | blobs 4 { 4+n }
    /// ```
    ///
    /// `kind` is 0 for a removal, which has no id, 1 for a file, 2 for a folder; an `after` of zeros
    /// stands for none. Version 1 had two bytes for the number of folders.
    func encode() -> [UInt8] {
        var bytes = ByteWriter()
        bytes.append(Self.version)
        bytes.append(UInt32(commit.count))
        bytes.append(commit)
        bytes.append(UInt32(folders.count))
        for folder in folders {
            bytes.append(name: folder.folder.utf8)
            bytes.append(folder.after?.bytes ?? [UInt8](repeating: 0, count: ObjectID.byteCount))
            bytes.append(UInt32(folder.edits.count))
            for edit in folder.edits { bytes.append(edit) }
        }
        bytes.append(UInt32(blobs.count))
        for blob in blobs {
            bytes.append(UInt32(blob.count))
            bytes.append(blob)
        }
        return bytes.bytes
    }

    /// Reads a record.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` for bytes that are none.
    init(decoding bytes: some Collection<UInt8>) throws(StorageError) {
        var reader = ByteReader(bytes)
        let version = try reader.byte()
        guard (1...Self.version).contains(version) else {
            throw StorageError.damaged("a journal record of another version")
        }
        commit = try reader.bytes(Int(reader.word()))
        var folders: [FolderEdits] = []
        for _ in 0..<(version == 1 ? UInt32(try reader.half()) : try reader.word()) {
            let name = try reader.name()
            let after = try reader.id()
            var edits: [TreeEdit] = []
            for _ in 0..<(try reader.word()) { edits.append(try reader.edit()) }
            folders.append(
                FolderEdits(
                    folder: String(decoding: name, as: UTF8.self),
                    after: after.isZero ? nil : after,
                    edits: edits
                )
            )
        }
        self.folders = folders
        var blobs: [[UInt8]] = []
        for _ in 0..<(try reader.word()) { blobs.append(try reader.bytes(Int(reader.word()))) }
        self.blobs = blobs
        try reader.end()
    }
}

extension TreeEdit {
    /// The edit that makes a change.
    init(_ change: TreeChange) {
        let value: Value
        if let after = change.after {
            value = change.kind == .tree ? .tree(after) : .file(after)
        } else {
            value = .removed
        }
        self.init(name: change.nameBytes, value: value)
    }
}

extension ByteWriter {
    mutating func append(_ edit: TreeEdit) {
        switch edit.value {
        case .removed:
            append(UInt8(0))
            append(name: edit.name)
        case .file(let id):
            append(UInt8(1))
            append(name: edit.name)
            append(id.bytes)
        case .tree(let id):
            append(UInt8(2))
            append(name: edit.name)
            append(id.bytes)
        }
    }
}

extension ByteReader {
    mutating func edit() throws(StorageError) -> TreeEdit {
        let kind = try byte()
        let name = try name()
        switch kind {
        case 0: return TreeEdit(name: name, value: .removed)
        case 1: return TreeEdit(name: name, value: .file(try id()))
        case 2: return TreeEdit(name: name, value: .tree(try id()))
        default: throw StorageError.damaged("a journal record with an edit of kind \(kind)")
        }
    }
}
