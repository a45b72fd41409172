import Foundation
import TestSupport

/// What a test switches in a running backend: the clock, and what the disk refuses.
///
/// The same memory as `struct switches` of `Tests/PowerCut/include/powercut.h`, through a file that
/// both map.
final class FaultSwitches {
    /// The file.
    let file: URL
    private let memory: UnsafeMutableRawPointer
    private static let byteCount = 40

    /// Makes the file in a server's folder, with everything off.
    init(in server: TestServer) throws {
        file = server.folder.appending(path: "switches-\(UInt32.random(in: 0 ... .max))")
        try Data(count: Self.byteCount).write(to: file)
        let descriptor = open(file.path, O_RDWR)
        defer { close(descriptor) }
        let map = mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let map, map != MAP_FAILED else { throw TestServer.Failure("mmap: \(errno)") }
        memory = map
    }

    deinit { munmap(memory, Self.byteCount) }

    /// Moves the backend's time of day by so many seconds.
    func moveClock(seconds: Int) { memory.storeBytes(of: Int64(seconds), as: Int64.self) }

    /// Has every change of a file fail, from the one after so many on.
    func refuseWrites(_ code: Int32, after count: Int = 0) {
        memory.storeBytes(of: Int64(count), toByteOffset: 8, as: Int64.self)
        memory.storeBytes(of: code, toByteOffset: 16, as: Int32.self)
    }

    /// Lets changes of files through again.
    func allowWrites() { memory.storeBytes(of: 0, toByteOffset: 16, as: Int32.self) }

    /// Has every flush fail; 0 ends it.
    func refuseFlushes(_ code: Int32) {
        memory.storeBytes(of: code, toByteOffset: 20, as: Int32.self)
    }

    /// Has every flush say that it is done, and do nothing.
    func dropFlushes() { memory.storeBytes(of: 1, toByteOffset: 24, as: Int32.self) }

    /// The calls that ``hold(_:)`` keeps from returning.
    enum Flush: Int32 {
        case none = 0
        /// fdatasync: that of the journal.
        case data = 1
        /// fsync: those of a checkpoint.
        case all = 2
    }

    /// Has one kind of flush not return until told otherwise.
    func hold(_ flush: Flush) {
        memory.storeBytes(of: flush.rawValue, toByteOffset: 32, as: Int32.self)
    }

    /// How many changes of files were refused so far.
    var refusals: Int { Int(memory.load(fromByteOffset: 28, as: Int32.self)) }
}
