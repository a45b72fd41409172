import NIOCore
import Settings

/// Connections on which nothing moves.
extension RequestHandler {
    /// Looks after a time whether anything has moved; a connection without progress ends.
    func watch(after pause: TimeAmount) {
        nextLook = context?.eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
            self?.look()
        }
    }

    /// How long a new connection goes unwatched.
    var firstPause: TimeAmount {
        min(services.times.stall, services.times.idle, services.times.head)
    }

    private func look() {
        guard context != nil else { return }
        let remaining = remaining(now: .now())
        if remaining > .zero {
            // A head may begin at any time, and has less of it than a connection that waits.
            watch(after: min(remaining, services.times.head))
        } else {
            stalled()
            progress.note(now: .now())
            watch(after: services.times.stall)
        }
    }

    /// How much longer the connection may go on as it does.
    private func remaining(now: NIODeadline) -> TimeAmount {
        let times = services.times
        let unsentBytes = self.unsentBytes
        if case .idle = phase, !connection.isHTTP2 {
            if let began = connection.headBegan { return times.head - (now - began) }
            if unsentBytes == 0 {
                return progress.remaining(of: times.idle, unsentBytes: 0, now: now)
            }
        }
        let remaining = progress.remaining(of: times.stall, unsentBytes: unsentBytes, now: now)
        let isTooSlow = progress.isTooSlow(
            movedBytes: (request?.receivedBytes ?? 0) + (request?.sentBytes ?? 0) - unsentBytes,
            isClientsTurn: isClientsTurn(unsentBytes),
            slowest: connection.policy.limits.slowestBytesPerSecond,
            limit: times.stall,
            now: now
        )
        // How long to wait in line for a backend is the pool's to say.
        if request?.place != nil { return times.stall }
        return isTooSlow ? .zero : remaining
    }

    /// Whether the next byte to move is the client's to send or to take.
    private func isClientsTurn(_ unsentBytes: Int) -> Bool {
        switch phase {
        case .deciding: false
        // Answered, and the client has not taken all of it.
        case .idle: unsentBytes > 0
        case .forwarding: unsentBytes > 0 || (request?.isComplete == false && isReading)
        case .discarding, .closing: true
        }
    }

    /// What was written and the client has not taken yet.
    private var unsentBytes: Int {
        if connection.isHTTP2 { return waitingBytes }
        do {
            return try context?.channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
        } catch {
            // Only a closed channel refuses, and nothing moves there.
            return 0
        }
    }

    /// Ends a connection, with an answer where one is owed: the backend's fault is a 504, one of the
    /// client that stops in the middle of a body a 408 (RFC 9110 §15.6.5, §15.5.9).
    private func stalled() {
        request?.dropHeldHead()
        switch phase {
        case .deciding:
            // PAM, or an issuer whose keys are asked for, says nothing.
            request?.closes = true
            authenticated(.unavailable)
        case .forwarding(let connection) where request?.status == 0:
            connection.cancel()
            request?.closes = true
            if request?.isComplete == true || !isReading {
                count(.timeout)
                refuse(504, "the backend has not answered in time; try again, or ask for less")
            } else {
                refuse(408, "the rest of the body has not come in time; send it again")
            }
        case .forwarding, .discarding, .idle, .closing:
            context?.close(promise: nil)
        }
    }
}
