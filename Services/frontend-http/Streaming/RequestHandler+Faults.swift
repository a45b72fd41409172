import NIOCore
import NIOHTTP1
import Settings

/// What is no request.
extension RequestHandler {
    /// Refuses what could not be read, be it a request or the rest of one, and ends the connection:
    /// nobody can tell where the next request begins (RFC 9112 §2.2).
    func refuse(_ fault: RequestFault) {
        switch phase {
        case .idle: answer(fault)
        case .deciding:
            leaveLine()
            refuseRest(fault)
        case .forwarding(let connection) where request?.status == 0:
            connection.cancel()
            refuseRest(fault)
        case .forwarding: context?.close(promise: nil)
        case .discarding, .closing:
            // The end of the connection's last answer ends the connection, and may not have left yet:
            // the error of what follows a request is told while its answer's end is being written.
            guard isLastAnswerOut || request?.closes == false else { return }
            context?.close(promise: nil)
        }
    }

    /// Of a request that has a head.
    private func refuseRest(_ fault: RequestFault) {
        phase = .deciding
        request?.closes = true
        // Nothing more of it will come.
        request?.isComplete = true
        refuse(fault.status, fault.reason)
    }
}
