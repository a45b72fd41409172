import Glibc
import Supervision

/// A pipe that wakes whoever polls it.
struct WakePipe: Sendable {
    /// What to poll: readable once somebody has called ``signal()``.
    let reading: Int32
    private let writing: Int32

    init() throws(SupervisionError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw .system(call: "pipe", code: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        reading = ends[0]
        writing = ends[1]
    }

    /// Makes the pipe readable.
    func signal() {
        var byte: UInt8 = 1
        // A full pipe wakes as well as another byte would.
        _ = write(writing, &byte, 1)
    }

    /// Takes all signals that have come.
    func consume() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(reading, &bytes, bytes.count) == bytes.count {}
    }
}
