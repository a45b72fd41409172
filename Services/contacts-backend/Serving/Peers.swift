import Glibc
import Logging
import Supervision

/// Whose processes the backend hears: it believes what a frame says of the user, so that only the
/// gateway may send one, and who could read the store anyway.
struct Peers: Sendable {
    /// The users that are heard: the gateway's, this process's own and root.
    private let users: Set<UInt32>
    /// Those of them that may ask as an operator does.
    private let operators: Set<UInt32>

    /// - Parameter gateway: The gateway's user, where it is another than this process's own.
    init(gateway: UInt32?) {
        operators = [0, getuid()]
        users = operators.union(gateway.map { [$0] } ?? [])
    }

    /// Looks who has connected; whoever is not heard is named in the log.
    ///
    /// - Returns: Whether the peer may ask as an operator does; `nil` for one that is not heard.
    func isOperator(at descriptor: Int32, _ log: Logger) -> Bool? {
        do throws(SupervisionError) {
            let peer = try PeerCredentials(ofPeerAt: descriptor)
            if users.contains(peer.userID) { return operators.contains(peer.userID) }
            log.error(
                "a process that is not the gateway's user connected",
                metadata: ["uid": "\(peer.userID)", "pid": "\(peer.processID)"]
            )
        } catch {
            log.error("a peer's user is unknown", metadata: ["error": "\(error)"])
        }
        return nil
    }
}
