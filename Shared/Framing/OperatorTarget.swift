/// Targets that no client can name, since they do not begin with a slash: what an operator's program
/// asks of a backend on its own socket.
public enum OperatorTarget {
    /// Put everything that is stored into git's own files; answered with 204 when that is done, and
    /// with 500 and a text where it cannot be.
    public static let checkpoint = "operator:checkpoint"
}
