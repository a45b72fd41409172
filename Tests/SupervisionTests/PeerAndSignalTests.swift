import Glibc
import Supervision
import Testing

struct PeerCredentialsTests {
    @Test func `unix(7): the peer of a socket pair is this process`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }

        let peer = try PeerCredentials(ofPeerAt: ends[0])

        #expect(peer.processID == getpid())
        #expect(peer.userID == getuid())
        #expect(peer.groupID == getgid())
    }

    @Test func `what is no socket has no peer`() throws {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }

        #expect(
            throws: SupervisionError.system(call: "getsockopt(SO_PEERCRED)", code: ENOTSOCK)
        ) {
            try PeerCredentials(ofPeerAt: descriptor)
        }
    }
}

struct SignalTests {
    @Test func `sigwait(3): a blocked signal is kept until somebody waits for it`() async {
        await #expect(processExitsWith: .success) {
            let signals = [Signals.terminate, Signals.interrupt, Signals.reload]
            Signals.block(signals)

            pthread_kill(pthread_self(), Signals.reload)
            #expect(Signals.wait(signals) == SIGHUP)
            pthread_kill(pthread_self(), Signals.terminate)
            #expect(Signals.wait(signals) == SIGTERM)
        }
    }

    @Test func `a write to a closed pipe fails and does not end the process`() async {
        await #expect(processExitsWith: .success) {
            Signals.block([Signals.terminate])
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            close(ends[0])
            var byte: UInt8 = 0

            #expect(write(ends[1], &byte, 1) == -1)
            #expect(errno == EPIPE)
        }
    }
}
