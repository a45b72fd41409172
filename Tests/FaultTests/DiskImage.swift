import Foundation

/// One of the many forms that a disk could have after a power cut.
struct DiskImage {
    /// The files by path; a folder is there by its own path with `nil`.
    private(set) var contents: [(path: String, bytes: [UInt8]?)] = []

    /// What the program saw: everything there, cut or no cut.
    init(seenBy model: DiskModel) {
        walk(model.live, DiskModel.root, "") { inode in
            guard var bytes = model.files[inode]?.flushed else { return nil }
            for change in model.files[inode]?.changes ?? [] {
                DiskModel.apply(change, to: &bytes, within: nil)
            }
            DiskModel.resize(&bytes, to: model.files[inode]?.size ?? 0)
            return bytes
        }
    }

    /// What could be left of it.
    init(
        _ model: DiskModel,
        cutAt place: Int,
        using random: inout SeededGenerator
    ) {
        var limits = Limits(model, place, &random)
        var tree = model.safe
        for entry in model.entries where entry.place <= limits.of(entry.folder, &random) {
            DiskModel.apply(entry, to: &tree)
        }
        let piece = Bool.random(using: &random) ? 512 : 4_096
        walk(tree, DiskModel.root, "") { inode in
            model.files[inode].map { file in
                Self.content(file, limits.of(inode, &random), piece, &random)
            }
        }
    }

    private mutating func walk(
        _ tree: DiskModel.Tree,
        _ folder: DiskModel.Inode,
        _ path: String,
        _ content: (DiskModel.Inode) -> [UInt8]?
    ) {
        for (name, inode) in (tree[folder] ?? [:]).sorted(by: { $0.key < $1.key }) {
            let own = path + name
            if tree[inode] != nil {
                contents.append((own, nil))
                walk(tree, inode, own + "/", content)
            } else if let bytes = content(inode) {
                contents.append((own, bytes))
            } else {
                // A folder that was made and has nothing in it yet.
                contents.append((own, nil))
            }
        }
    }

    /// Up to which place of the log metadata has come to the disk.
    private struct Limits {
        private let model: DiskModel
        private let place: Int
        private let common: Int
        private var own: [DiskModel.Inode: Int] = [:]

        init(_ model: DiskModel, _ place: Int, _ random: inout SeededGenerator) {
            self.model = model
            self.place = place
            common = Self.choose(model.safePlace, place, &random)
        }

        mutating func of(_ inode: DiskModel.Inode, _ random: inout SeededGenerator) -> Int {
            if model.metadata == .inOrder { return common }
            if let known = own[inode] { return known }
            let limit = Self.choose(-1, place, &random)
            own[inode] = limit
            return limit
        }

        /// Nothing, everything or something between: the ends are where faults hide.
        private static func choose(
            _ low: Int,
            _ high: Int,
            _ random: inout SeededGenerator
        ) -> Int {
            switch Int.random(in: 0..<3, using: &random) {
            case 0: low
            case 1: high
            default: Int.random(in: min(low, high)...high, using: &random)
            }
        }
    }

    // MARK: Files

    private static func content(
        _ file: DiskModel.File,
        _ limit: Int,
        _ piece: Int,
        _ random: inout SeededGenerator
    ) -> [UInt8] {
        let size = file.changes.last { $0.place <= limit }?.size ?? file.flushed.count
        var bytes = file.flushed
        let versions = versions(file, limit, piece, &random)
        var seen: [Int: Int] = [:]
        for change in file.changes {
            for index in pieces(change, piece) {
                let count = seen[index, default: 0]
                seen[index] = count + 1
                guard count < versions[index, default: 0] else { continue }
                let range = (index * piece)..<((index + 1) * piece)
                DiskModel.apply(change, to: &bytes, within: range)
            }
        }
        DiskModel.resize(&bytes, to: size)
        return bytes
    }

    /// How many of the changes of each piece have come to the disk.
    private static func versions(
        _ file: DiskModel.File,
        _ limit: Int,
        _ piece: Int,
        _ random: inout SeededGenerator
    ) -> [Int: Int] {
        var most: [Int: Int] = [:]
        var least: [Int: Int] = [:]
        for change in file.changes {
            for index in pieces(change, piece) {
                most[index, default: 0] += 1
                // What was cut off by a size that is on disk does not come back.
                if change.isDropped != nil, change.place <= limit { least[index] = most[index] }
            }
        }
        let manner = Int.random(in: 0..<4, using: &random)
        var versions: [Int: Int] = [:]
        for index in most.keys.sorted() {
            let range = (least[index] ?? 0)...(most[index] ?? 0)
            versions[index] =
                switch manner {
                case 0: range.lowerBound
                case 1: range.upperBound
                default: Int.random(in: range, using: &random)
                }
        }
        return versions
    }

    private static func pieces(_ change: DiskModel.Change, _ piece: Int) -> Set<Int> {
        var pieces = Set<Int>()
        if let dropped = change.isDropped {
            pieces.formUnion((dropped.lowerBound / piece)...((dropped.upperBound - 1) / piece))
        }
        if case .write(let offset, let bytes) = change.kind, !bytes.isEmpty {
            pieces.formUnion((offset / piece)...((offset + bytes.count - 1) / piece))
        }
        return pieces
    }

    // MARK: Folders

    /// Makes a folder that looks like this, in place of what is there.
    func write(to folder: String) throws {
        if access(folder, F_OK) == 0 { try PlainFile.removeFolder(folder) }
        mkdir(folder, 0o700)
        for (path, bytes) in contents {
            if let bytes {
                try PlainFile.write(bytes, to: "\(folder)/\(path)")
            } else {
                mkdir("\(folder)/\(path)", 0o700)
            }
        }
    }

    /// Where a folder differs from this, as paths.
    func differences(from folder: String) throws -> [String] {
        var wanted: [String: [UInt8]?] = [:]
        for (path, bytes) in contents { wanted.updateValue(bytes, forKey: path) }
        var different: [String] = []
        for (path, isFolder) in try PlainFile.walk(folder) {
            let found = isFolder ? nil : try PlainFile.read("\(folder)/\(path)")
            guard let bytes = wanted.removeValue(forKey: path), bytes == found else {
                different.append(path)
                continue
            }
        }
        return different + wanted.keys
    }
}
