import Glibc
import Supervision
import Testing

/// Descriptors from 3 on belong to the process: each test that puts sockets there has its own.
struct InheritedSocketTests {
    @Test func `where systemd started nothing, there is no socket`() throws {
        #expect(try InheritedSocket.all().isEmpty)
    }

    @Test func `listening stream sockets are taken with their names`() async {
        await #expect(processExitsWith: .success) {
            Inheritance.pass([Inheritance.listening(AF_UNIX), Inheritance.listening(AF_INET)])
            setenv("LISTEN_FDNAMES", "backend:http", 1)

            let sockets = try InheritedSocket.all()

            #expect(sockets.map(\.descriptor) == [3, 4])
            #expect(sockets.map(\.name) == ["backend", "http"])
            #expect(sockets.map(\.isUnix) == [true, false])
            #expect(fcntl(3, F_GETFD) & FD_CLOEXEC != 0)
            #expect(fcntl(4, F_GETFD) & FD_CLOEXEC != 0)
            #expect(try InheritedSocket.all().isEmpty)
        }
    }

    @Test func `a socket that does not listen is refused by name`() async {
        await #expect(processExitsWith: .success) {
            Inheritance.pass([socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)])
            setenv("LISTEN_FDNAMES", "odd", 1)

            #expect(throws: SupervisionError.notAListeningSocket(name: "odd")) {
                try InheritedSocket.all()
            }
        }
    }

    @Test func `a file in the place of a socket is refused`() async {
        await #expect(processExitsWith: .success) {
            Inheritance.pass([open("/dev/null", O_RDONLY)])

            #expect(throws: SupervisionError.self) { try InheritedSocket.all() }
        }
    }

    @Test func `sockets for another process are left alone`() async {
        await #expect(processExitsWith: .success) {
            Inheritance.pass([Inheritance.listening(AF_UNIX)])
            setenv("LISTEN_PID", "1", 1)

            let sockets = try InheritedSocket.all()

            #expect(sockets.isEmpty)
        }
    }
}

/// What systemd does before it starts a service (sd_listen_fds(3)).
private enum Inheritance {
    /// Puts descriptors at 3 and after, and says so in the environment.
    static func pass(_ descriptors: [Int32]) {
        // First out of the way, so that none is overwritten by another's move.
        let moved = descriptors.map { fcntl($0, F_DUPFD, 100) }
        for (index, descriptor) in moved.enumerated() { dup2(descriptor, 3 + Int32(index)) }
        setenv("LISTEN_PID", "\(getpid())", 1)
        setenv("LISTEN_FDS", "\(descriptors.count)", 1)
    }

    /// A socket that listens on a name or port of the kernel's choice.
    static func listening(_ family: Int32) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        if family == AF_UNIX {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = bind(descriptor, $0, socklen_t(MemoryLayout<sa_family_t>.size))
                }
            }
        }
        listen(descriptor, 1)
        return descriptor
    }
}
