import Framing

/// Why a connection is over; nobody is left to be told.
enum ConnectionError: Error {
    /// The gateway closed it, or went silent for too long.
    case gone
    /// The gateway broke the protocol.
    case violation(FramingError)
}
