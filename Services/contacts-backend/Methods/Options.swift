import AddressBooks

/// `OPTIONS` (RFC 9110 §9.3.7, RFC 4918 §10.1): what works here.
///
/// Answered with 200 and an empty body, never 204: Thunderbird stumbles over the latter. DAVx5 looks
/// for `addressbook` on the principal, Evolution on the book, so that every place tells the same.
enum Options {
    /// Classes 1 and 3 of RFC 4918, RFC 3744, RFC 6352 §6.1, RFC 5689 §3.1. No locks: no class 2.
    static let davHeader = "1, 3, access-control, addressbook, extended-mkcol"

    @Sendable static func answer(_ request: Request, _ store: VisibleBooks) -> Response {
        let isMapped = request.location.isMapped(in: store.state)
        return Response(
            200,
            [
                (name: "dav", value: davHeader),
                (name: "allow", value: Allowed.header(at: request.location, isMapped: isMapped)),
            ],
            content: .bytes([])
        )
    }
}
