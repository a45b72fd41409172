import Framing
import Logging
import Supervision
import WebDAV

/// One connection, on its own thread.
extension Server {
    /// Answers the requests of a connection until it ends or the service does.
    func serve(_ connection: Connection, isOperator: Bool) {
        do throws(ConnectionError) {
            try connection.greet()
            while connection.waitForRequest(orDrain: drain.reading) {
                guard try answer(connection, isOperator: isOperator) else { return }
            }
            try connection.sayGoingAway()
            // What has crossed it is answered: the gateway could not send every request again.
            while connection.waitForEnd() {
                guard try answer(connection, isOperator: isOperator) else { return }
            }
        } catch {
            if case .violation(let violation) = error {
                log.error("the gateway broke the protocol", metadata: ["error": "\(violation)"])
            }
        }
    }

    /// Answers one request, and says whether the connection can take another.
    private func answer(
        _ connection: Connection,
        isOperator: Bool
    ) throws(ConnectionError) -> Bool {
        let head = try connection.readHead()
        guard head.instance == instance else {
            connection.fail(Failure(.wrongInstance, "this is the instance \(instance)"))
            return false
        }
        if isOperator,
            let response = OperatorRequest.answer(head, dispatcher.store, status: { status })
        {
            try ResponseWriter(connection).send(whole: response)
            try connection.skipBody()
            return true
        }
        activity.began()
        let begun = MonotonicClock.now
        var entry = RequestEntry(head)
        defer {
            activity.ended(hasFailed: entry.hasFailed)
            noteChange()
            entry.write(to: log, took: MonotonicClock.now - begun)
        }
        return try answer(head, connection, isOperator, &entry)
    }

    private func answer(
        _ head: RequestHead,
        _ connection: Connection,
        _ isOperator: Bool,
        _ entry: inout RequestEntry
    ) throws(ConnectionError) -> Bool {
        let response: Response
        if isOperator,
            let operation = OperatorOperation.answer(head, connection, dispatcher.store)
        {
            response = operation
        } else {
            do throws(Refusal) {
                response = dispatcher.answer(try Request(head, body: connection))
            } catch {
                response = Response(error)
            }
        }
        entry.status = response.status
        let writer = ResponseWriter(connection)
        defer { entry.bytes = writer.bodyBytes }
        do {
            try writer.send(response, isHead: head.method == "HEAD")
            try connection.skipBody()
            entry.isCutOff = false
            return true
        } catch let error as ConnectionError {
            throw error
        } catch {
            log.error(
                "an answer was cut off",
                metadata: ["request_id": "\(head.requestID)", "error": "\(error)"]
            )
            return false
        }
    }
}

/// What the log says of a request: the same names as in the gateway's entry, and the same id.
private struct RequestEntry {
    private let head: RequestHead
    var status = 0
    var bytes = 0
    /// Until the answer is out.
    var isCutOff = true

    init(_ head: RequestHead) { self.head = head }

    /// Whether the fault is the server's.
    var hasFailed: Bool { isCutOff || status >= 500 }

    /// At `debug`, since the gateway has an entry for each request at `info`; what has failed is
    /// worth a look.
    func write(to log: Logger, took: Duration) {
        log.log(level: hasFailed ? .warning : .debug, "request", metadata: metadata(took))
    }

    private func metadata(_ took: Duration) -> Logger.Metadata {
        let (seconds, attoseconds) = took.components
        return [
            "request_id": "\(head.requestID)", "method": "\(head.method)",
            "path":
                "\(head.target.utf8.count <= 512 ? head.target : String(head.target.prefix(512)))",
            "status": "\(status)", "user": "\(head.user)", "client": "\(head.clientAddress)",
            "bytes": "\(bytes)", "cut_off": "\(isCutOff)",
            "microseconds": "\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)",
        ]
    }
}
