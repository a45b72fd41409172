import Settings

/// JSON for `--json` (RFC 8259).
///
/// Names are in camel case; times are as RFC 3339 has them; what is not known is null.
enum JSON {
    indirect enum Value: Equatable {
        case text(String)
        case number(Int)
        case truth(Bool)
        case none
        case texts([String])
        case list([Value])
        case object([Member])

        /// A text, or null.
        static func optional(_ text: String?) -> Value { text.map(Value.text) ?? .none }
        /// A number, or null.
        static func optional(_ number: Int?) -> Value { number.map(Value.number) ?? .none }
        /// An object of members in their order.
        static func members(_ members: KeyValuePairs<String, Value>) -> Value {
            .object(members.map { Member($0.key, $0.value) })
        }
    }

    struct Member: Equatable {
        let name: String
        let value: Value

        init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// A list, an element a line.
    static func lines(_ values: [Value]) -> String {
        "[" + values.map(encode).joined(separator: ",\n ") + "]"
    }

    /// A value on one line.
    static func encode(_ value: Value) -> String {
        switch value {
        case .text(let text): quote(text)
        case .number(let number): String(number)
        case .truth(let truth): truth ? "true" : "false"
        case .none: "null"
        case .texts(let texts): "[" + texts.map(quote).joined(separator: ",") + "]"
        case .list(let values): "[" + values.map(encode).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\(quote($0.name)):\(encode($0.value))" }.joined(separator: ",")
                + "}"
        }
    }

    private static func quote(_ text: String) -> String {
        // TOML's basic strings escape as JSON does, whatever the control character (RFC 8259 §7).
        TOMLText.quote(text)
    }
}
