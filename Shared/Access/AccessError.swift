/// Why a rule could not be read.
public enum AccessError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A path that is none.
    case unknownPath(String)
    /// A role that is none.
    case unknownRole(String, path: String)
    /// A path that is there twice, in two spellings of the same characters.
    case repeatedPath(String)
    /// A right to write for whoever has not logged in.
    case anonymousWriter(path: String)

    /// What is wrong and what would be right.
    public var description: String {
        switch self {
        case .unknownPath(let path):
            "\(path.debugDescription) is no access path; write http/contacts, "
                + "http/contacts/<instance> or http/contacts/<instance>/<book>"
        case .unknownRole(let role, let path):
            "\(role.debugDescription) is no role for \(path); write reader, writer or none"
        case .repeatedPath(let path):
            "\(path.debugDescription) is there twice; leave one"
        case .anonymousWriter(let path):
            "nobody writes to \(path) without a name; write reader or none"
        }
    }
}
