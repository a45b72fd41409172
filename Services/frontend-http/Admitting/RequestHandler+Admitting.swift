import NIOHTTP1
import Settings

/// From who asks to whether they may just now.
extension RequestHandler {
    /// Whether the request may go on; refused where not (RFC 6585 §4).
    func isAdmitted() -> Bool {
        guard let request else { return false }
        let isQuery = request.head.method == .PROPFIND || request.head.method == .REPORT
        let rates = request.rules.settings.rates
        let holder: UserLoads.Holder =
            request.user.isEmpty ? .network(request.origin.network) : .user(request.user)
        switch services.userLoads.admit(holder, isQuery: isQuery, rates) {
        case .admitted:
            request.load = holder
            return true
        case .unmeasured: return true
        case .tooManyAtOnce:
            refuse(
                429,
                "you have \(rates.concurrent) requests under way already; try again once some of "
                    + "them are answered",
                [("retry-after", "1")]
            )
            return false
        case .tooMany(let wait):
            let seconds = String(max(1, Int((wait / .seconds(1)).rounded(.up))))
            refuse(
                429,
                "you ask more often than \(rates.queries) times a second; try again in "
                    + "\(seconds) s, and see which of your devices asks so often",
                [("retry-after", seconds)]
            )
            return false
        }
    }
}
