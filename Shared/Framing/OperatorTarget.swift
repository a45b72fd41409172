/// Targets that no client can name, since they do not begin with a slash: what an operator's program
/// asks of a backend on its own socket.
///
/// A backend answers them to root and to its own user only; the gateway, which is neither where each
/// service has a user of its own, is told 400 like any client.
public enum OperatorTarget {
    /// Put everything that is stored into git's own files; answered with 204 when that is done, and
    /// with 500 and a text where it cannot be.
    public static let checkpoint = "operator:checkpoint"

    /// How the backend is doing; answered with 200 and a JSON object:
    ///
    /// | Key | Value |
    /// | --- | --- |
    /// | `instance`, `version` | texts |
    /// | `pid` | the process |
    /// | `started` | when it began to serve, as RFC 3339 has it |
    /// | `requests`, `failed` | answered since then; those of them that had a 5xx or were cut off |
    /// | `connections` | open now, the operator's included |
    /// | `books`, `cards` | as of the last commit |
    /// | `lastCommit`, `lastCommitTime` | 40 hexadecimal digits and RFC 3339; `null` before the first |
    /// | `residentBytes` | memory in use (proc(5), `statm`) |
    /// | `idleSeconds` | since the last request was answered, or since the start; 0 while one is |
    ///
    /// Neither target counts as a request, and neither keeps an idle backend from ending.
    public static let status = "operator:status"

    // What follows is answered with 200 and ``OperatorRecord``s, of which the last says whether it was
    // done; each counts as a request.

    /// Tell of each address book.
    public static let books = "operator:books"
    /// Make an address book: the field `book` names it, `name` and `description` may follow.
    public static let addBook = "operator:add-book"
    /// Delete the address book that the field `book` names.
    public static let removeBook = "operator:remove-book"
    /// Store the cards of the body in the address book that the field `book` names; nothing is
    /// stored where the field `rehearsal` is there.
    public static let importCards = "operator:import"
    /// Give all cards of the address book that the field `book` names, or of all without it.
    public static let exportCards = "operator:export"
    /// Check the whole store.
    public static let verify = "operator:verify"
}
