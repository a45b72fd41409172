import AddressBooks
import Framing

/// What an operator's program asks of a running backend; the gateway never forwards such a target.
enum OperatorRequest {
    /// Answers a head with a target of ``OperatorTarget``; `nil` for any other.
    ///
    /// - Parameters:
    ///   - head: The request's head.
    ///   - store: The instance's books.
    ///   - status: Says how the backend is doing.
    /// - Returns: The answer.
    static func answer(
        _ head: RequestHead,
        _ store: AddressBookStore,
        status: () -> StatusReport
    ) -> Response? {
        switch head.target {
        case OperatorTarget.checkpoint: checkpoint(store)
        case OperatorTarget.status:
            Response(
                200,
                [(name: "content-type", value: "application/json")],
                content: .bytes(Array(status().json.utf8))
            )
        default: nil
        }
    }

    private static func checkpoint(_ store: AddressBookStore) -> Response {
        do throws(AddressBookError) {
            try store.checkpoint()
            return Response(204)
        } catch {
            return Response(500, content: .bytes(Array("\(error)".utf8)))
        }
    }
}
