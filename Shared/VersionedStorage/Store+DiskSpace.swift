internal import Glibc

/// The room on the file system that a store lies on, in bytes.
public struct DiskSpace: Sendable, Equatable {
    /// What this process can still take.
    public let available: UInt64
    /// What is taken, by the store and by everything beside it.
    public let used: UInt64
}

extension Store {
    /// The room on the store's file system, in one system call; `nil` where it cannot be told.
    public var diskSpace: DiskSpace? {
        var figures = statvfs()
        guard statvfs(path, &figures) == 0 else { return nil }
        let blocks = UInt64(figures.f_blocks)
        let free = UInt64(figures.f_bfree)
        func bytes(_ count: UInt64) -> UInt64 {
            let (product, isTooLarge) = count.multipliedReportingOverflow(
                by: UInt64(figures.f_frsize)
            )
            return isTooLarge ? .max : product
        }
        return DiskSpace(
            available: bytes(UInt64(figures.f_bavail)),
            used: bytes(blocks > free ? blocks - free : 0)
        )
    }
}
