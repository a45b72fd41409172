import Glibc
import NIOCore
import NIOPosix

/// Tells when something in the folder of a file has changed, within a millisecond: inotify(7), read by
/// an event loop like any pipe.
///
/// What has changed is left to whoever is told: folders of settings change seldom, and a look at a
/// file's times is cheap. Where the system has no watch left, changes are seen a second later, when
/// the next request looks.
enum UsersWatch {
    /// A file that was written and closed, or put in place by a rename, as editors and programs do.
    private static let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)

    /// Watches until the channel is closed.
    ///
    /// - Parameters:
    ///   - path: The file; a symbolic link is watched at both ends.
    ///   - group: Where the watch is read.
    ///   - changed: Called on an event loop.
    /// - Returns: The channel; `nil` where the system refuses to watch.
    static func start(
        _ path: String,
        on group: any EventLoopGroup,
        _ changed: @escaping @Sendable () -> Void
    ) -> EventLoopFuture<any Channel>? {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        let watches = Set([path, resolved(path)].map(folder)).map {
            inotify_add_watch(descriptor, $0, events)
        }
        guard watches.contains(where: { $0 >= 0 }) else {
            close(descriptor)
            return nil
        }
        return NIOPipeBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(changed: changed))
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let changed: @Sendable () -> Void

        init(changed: @escaping @Sendable () -> Void) {
            self.changed = changed
        }

        func channelReadComplete(context: ChannelHandlerContext) { changed() }
    }
}
