/// Why something that systemd or the kernel was asked for did not come.
public enum SupervisionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An inherited descriptor that is no listening stream socket.
    case notAListeningSocket(name: String)
    /// A call that failed.
    case system(call: String, code: Int32)

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .notAListeningSocket(let name):
            "the inherited descriptor \(name) is no listening stream socket"
        case .system(let call, let code): "\(call) failed with error \(code)"
        }
    }
}
