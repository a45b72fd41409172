import Foundation
import TestSupport

/// A backend's run under the recorder: the store as it was before, and all that was done to it.
struct Recording {
    /// The store as it was before.
    let base: String
    /// What was done.
    let log: OperationLog
    /// The writes that were asked for.
    let writes: [RecordedWrite]

    /// The recorder that is put before glibc, built beside the tests.
    static let library = Programs.folder.appending(path: "libPowerCut.so")

    /// Variables that have a backend recorded, or its disk and clock switched.
    static func environment(
        of server: TestServer,
        log: URL? = nil,
        switches: FaultSwitches? = nil
    ) -> [String: String] {
        var variables = [
            "LD_PRELOAD": library.path, "EVERLOCK_FAULTS_STORE": server.store(),
        ]
        if let log { variables["EVERLOCK_FAULTS_LOG"] = log.path }
        if let switches { variables["EVERLOCK_FAULTS_SWITCHES"] = switches.file.path }
        return variables
    }

    /// Records what a body has an instance's backend do. The backend is stopped before and after;
    /// the body starts it with the variables that it is given.
    init(
        of server: TestServer,
        named name: String,
        switches: FaultSwitches? = nil,
        _ body: ([String: String]) throws -> Void
    ) throws {
        server.stopBackend("default")
        base = server.folder.appending(path: "\(name)-base").path
        try FileManager.default.copyItem(atPath: server.store(), toPath: base)
        let file = server.folder.appending(path: "\(name).log")
        try body(Self.environment(of: server, log: file, switches: switches))
        server.stopBackend("default")
        log = try OperationLog(contentsOf: file)
        writes = try RecordedWrite.all(in: log)
    }

    /// Where the store differs from what the log says of it: an operation that the recorder missed.
    func differences(from store: String) throws -> [String] {
        var model = try DiskModel(.inOrder, holding: base)
        for (place, operation) in log.operations.enumerated() {
            try model.take(operation, at: place)
        }
        return try DiskImage(seenBy: model).differences(from: store)
    }

    /// Random places of the log for a power cut, in order: half of them straight after an answer,
    /// when most is promised and least is safe.
    func cuts(_ count: Int, using random: inout SeededGenerator) -> [Int] {
        let answers = writes.compactMap { $0.answer?.place }
        let changes = log.operations.indices.filter { log.operations[$0].isOfFile }
        let cuts = (0..<count).compactMap { number in
            let places = number.isMultiple(of: 2) && !answers.isEmpty ? answers : changes
            return places.randomElement(using: &random).map { $0 + 1 }
        }
        return Set(cuts).sorted()
    }

    /// Goes through the log once and shows the disk as it could be at each of the cuts.
    func replay(
        _ metadata: DiskModel.Metadata,
        cuts: [Int],
        using random: inout SeededGenerator,
        _ body: (_ cut: Int, _ image: DiskImage, inout SeededGenerator) throws -> Void
    ) throws {
        var model = try DiskModel(metadata, holding: base)
        var place = 0
        for cut in cuts {
            while place < cut {
                try model.take(log.operations[place], at: place)
                place += 1
            }
            let image = DiskImage(model, cutAt: cut, using: &random)
            try body(cut, image, &random)
        }
    }
}
