import NIOCore

/// Connections on which nothing moves.
extension RequestHandler {
    /// Looks after a time whether anything has moved; a connection without progress ends.
    func watch(after pause: TimeAmount) {
        nextLook = context?.eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
            self?.look()
        }
    }

    private func look() {
        guard context != nil else { return }
        let remaining = progress.remaining(
            of: services.times.stall,
            unsentBytes: unsentBytes,
            now: .now()
        )
        if remaining > .zero {
            watch(after: remaining)
        } else {
            stalled()
            progress.note(now: .now())
            watch(after: services.times.stall)
        }
    }

    /// What was written and the client has not taken yet.
    private var unsentBytes: Int {
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
        switch phase {
        case .deciding:
            request?.closes = true
            refuse(503, "the address books are not reachable just now", [("retry-after", "2")])
        case .forwarding(let connection) where request?.status == 0:
            connection.cancel()
            request?.closes = true
            if request?.isComplete == true || !isReading {
                refuse(504, "the backend has not answered in time")
            } else {
                refuse(408, "the rest of the body has not come in time")
            }
        case .forwarding, .discarding, .idle, .closing:
            context?.close(promise: nil)
        }
    }
}
