import Glibc

/// What the kernel says of this process.
struct ProcessReading: Sendable {
    /// When the program began, in seconds since 1970.
    let startSeconds: Int
    /// CPU time, of the user's and the kernel's side.
    let cpuSeconds: Double
    let residentBytes: Int
    let virtualBytes: Int
    let openDescriptors: Int
    let maximumDescriptors: Int

    /// Asks the kernel; reads a small file of /proc and lists a folder of it.
    ///
    /// - Parameter startSeconds: When the program began.
    init(startSeconds: Int) {
        self.startSeconds = startSeconds
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        cpuSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        let pages = Self.pages()
        let pageBytes = sysconf(Int32(_SC_PAGESIZE))
        virtualBytes = pages.virtual * pageBytes
        residentBytes = pages.resident * pageBytes
        openDescriptors = Self.countDescriptors()
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        maximumDescriptors = Int(clamping: limit.rlim_cur)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }

    /// The first two numbers of `/proc/self/statm` (proc(5)).
    private static func pages() -> (virtual: Int, resident: Int) {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return (0, 0) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(
            separator: " "
        )
        guard words.count >= 2, let virtual = Int(words[0]), let resident = Int(words[1]) else {
            return (0, 0)
        }
        return (virtual, resident)
    }

    private static func countDescriptors() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Itself, its parent, and the folder's own.
        return max(0, count - 3)
    }
}
