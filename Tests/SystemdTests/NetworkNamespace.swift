import Foundation
import TestSupport

/// The network of another process, to which a socket can be made from here (setns(2)).
struct NetworkNamespace: Sendable {
    private static let cloneNewNetwork: Int32 = 0x4000_0000

    /// The process whose network it is, as this process sees it.
    let process: Int32

    /// Makes a TCP socket in that network. A thread of its own goes there, and ends there.
    ///
    /// - Throws: `TestServer.Failure` where the network cannot be entered.
    func socket() throws -> Int32 {
        let path = "/proc/\(process)/ns/net"
        let result = Made()
        let thread = Foundation.Thread {
            result.descriptor = Self.socket(inNetworkAt: path)
            result.done.signal()
        }
        thread.start()
        result.done.wait()
        guard result.descriptor >= 0 else {
            throw TestServer.Failure("no socket in the network of \(path): \(-result.descriptor)")
        }
        return result.descriptor
    }

    /// What the thread made: a descriptor, or an error number below zero.
    private final class Made: @unchecked Sendable {
        // Written by the thread before it signals, read after.
        var descriptor: Int32 = -EINVAL
        let done = DispatchSemaphore(value: 0)
    }

    private typealias SetNamespace = @convention(c) (Int32, Int32) -> Int32

    private static func socket(inNetworkAt path: String) -> Int32 {
        // The declaration is not visible without _GNU_SOURCE.
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "setns") else { return -ENOSYS }
        let enter = unsafeBitCast(symbol, to: SetNamespace.self)
        let namespace = open(path, O_RDONLY | O_CLOEXEC)
        guard namespace >= 0 else { return -errno }
        defer { close(namespace) }
        guard enter(namespace, cloneNewNetwork) == 0 else { return -errno }
        let made = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        return made >= 0 ? made : -errno
    }
}
