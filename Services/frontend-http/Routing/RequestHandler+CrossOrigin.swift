/// Browsers that act for a web page.
extension RequestHandler {
    /// Settles what web pages are told of the answer. A browser's question beforehand is answered at
    /// once, by the gateway: it carries no log-in.
    ///
    /// - Returns: Whether it was such a question, and is answered.
    func isPreflight() -> Bool {
        guard let request else { return false }
        let rules = request.rules.crossOrigin
        guard !rules.isEmpty, let host = request.host.flatMap(Vhosts.name(of:)),
            request.rules.vhosts.instance(ofName: host) != nil
        else { return false }
        if let fields = rules.preflight(request.head, request.fields, host: host) {
            // 200 rather than 204, as other OPTIONS here: clients were met that know no other.
            answer(200, fields)
            return true
        }
        request.crossOrigin = rules.fields(host: host, origin: request.fields.origin)
        return false
    }
}
