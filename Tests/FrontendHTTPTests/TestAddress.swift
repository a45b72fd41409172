import Settings

@testable import FrontendHTTP

extension ClientAddress {
    /// The address that a text names; a Unix socket for none.
    static func test(_ text: String?) -> ClientAddress {
        guard let text else { return .local }
        guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
        return .network(address)
    }
}
