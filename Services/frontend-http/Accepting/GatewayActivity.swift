import NIOCore
import Supervision
import Synchronization

/// What the gateway does and has done, counted without a lock.
final class GatewayActivity: Sendable {
    private let connections = Atomic(0)
    private let requests = Atomic(0)
    private let refused = Atomic(0)
    private let isTold = ServiceManager.isListening
    /// Raised where there is something new to tell the manager.
    let change = ChangeFlag()

    /// Counts a client's connection until it ends.
    func connected(_ channel: any Channel) {
        connections.add(1, ordering: .relaxed)
        noteChange()
        channel.closeFuture.whenComplete { [self] _ in
            connections.subtract(1, ordering: .relaxed)
            noteChange()
        }
    }

    /// Counts a request that is answered; one that asks for a password is no refusal.
    func answered(isRefused: Bool) {
        requests.add(1, ordering: .relaxed)
        if isRefused { refused.add(1, ordering: .relaxed) }
        noteChange()
    }

    /// `12 connections, 4,211 requests, 3 refused`.
    var line: String {
        let connections = StatusText.count(connections.load(ordering: .relaxed), "connection")
        let requests = StatusText.count(requests.load(ordering: .relaxed), "request")
        let refused = StatusText.grouped(refused.load(ordering: .relaxed))
        return "\(connections), \(requests), \(refused) refused"
    }

    private func noteChange() {
        if isTold, change.raise() { Signals.wakeUp() }
    }
}
