import AddressBooks
import Framing

/// What an operator's program asks of a running backend; the gateway never forwards such a target.
enum OperatorRequest {
    /// Answers a head with a target of ``OperatorTarget``; `nil` for any other.
    static func answer(_ head: RequestHead, _ store: AddressBookStore) -> Response? {
        guard head.target == OperatorTarget.checkpoint else { return nil }
        do throws(AddressBookError) {
            try store.checkpoint()
            return Response(204)
        } catch {
            return Response(500, content: .bytes(Array("\(error)".utf8)))
        }
    }
}
