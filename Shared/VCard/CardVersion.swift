/// The versions of vCard that are read.
public enum CardVersion: String, Sendable {
    /// The versit consortium's specification of 1996.
    case v2_1 = "2.1"
    /// RFC 2426.
    case v3_0 = "3.0"
    /// RFC 6350.
    case v4_0 = "4.0"
}
