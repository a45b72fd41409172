/// One parameter of a property (RFC 6350 §5).
///
/// What version 2.1 gives without a name gets the name that its grammar means: `ENCODING` for
/// `QUOTED-PRINTABLE`, `BASE64`, `7BIT` and `8BIT`, `VALUE` for `URL` and its like, else `TYPE`.
public struct Parameter: Sendable, Hashable {
    /// The most parameters, and values of parameters, that one property may have.
    public static let maximumCount = 1_000

    /// The name in upper case, for example `TYPE`.
    public let name: String
    /// The values in order, unquoted and with the escapes of RFC 6868 resolved.
    public let values: [String]

    init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }

    /// A value that stands without a name, as version 2.1 has it.
    init(bare value: String) {
        name =
            switch value.uppercased() {
            case "QUOTED-PRINTABLE", "BASE64", "7BIT", "8BIT": "ENCODING"
            case "INLINE", "URL", "CONTENT-ID", "CID": "VALUE"
            default: "TYPE"
            }
        values = [value]
    }
}
