import Settings

/// What is done once for each request, whatever became of it.
extension RequestHandler {
    /// A request has come to its end: it is counted and logged, and what it held is given back.
    func finish(_ request: ForwardedRequest?) {
        guard let request else { return }
        leaveLine()
        if let load = request.load { services.userLoads.leave(load) }
        let microseconds = request.started.duration(to: .now).microseconds
        services.activity.answered(isRefused: request.isRefused)
        pool.meter.count(request, microseconds: microseconds)
        services.requestLog.record(
            request,
            microseconds: microseconds,
            at: request.rules.settings.log.requests
        )
    }

    /// The same for what could not be read as a request.
    func finish(_ unread: UnreadRequest) {
        services.activity.answered(isRefused: true)
        pool.meter.count(unread)
        services.requestLog.record(unread, at: services.rules.settings.log.requests)
    }

    /// Waits for a backend no longer.
    func leaveLine() {
        guard let request, let place = request.place, let instance = request.instance else {
            return
        }
        request.place = nil
        pool.leave(place, of: instance)
    }
}

extension Duration {
    /// Whole microseconds.
    var microseconds: Int {
        let parts = components
        return Int(parts.seconds) * 1_000_000 + Int(parts.attoseconds / 1_000_000_000_000)
    }
}
