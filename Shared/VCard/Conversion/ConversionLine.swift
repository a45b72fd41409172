/// A property on its way from one version of vCard to another.
///
/// The value is unfolded and without a transfer encoding, and has the escapes of 3.0 and 4.0, which
/// are the same (RFC 2426 §5, RFC 6350 §3.4).
struct ConversionLine: Equatable {
    var group: String?
    /// In upper case.
    var name: String
    var parameters: [Parameter]
    var value: [UInt8]
    /// The place of the property, in the card, that the line is made of.
    var origin: Int?

    init(group: String? = nil, _ name: String, _ parameters: [Parameter] = [], _ value: [UInt8]) {
        self.group = group
        self.name = name
        self.parameters = parameters
        self.value = value
    }

    /// The value as text, its escapes resolved.
    var text: String { String(decoding: Escapes.standard.text(value[...]), as: UTF8.self) }

    /// The values of a parameter.
    func values(of parameter: String) -> [String] {
        parameters.filter { $0.name == parameter }.flatMap(\.values)
    }

    /// The parameter's first value, if it has one.
    func first(_ parameter: String) -> String? { values(of: parameter).first }

    /// The value type that the property says it has, in lower case.
    var valueType: String? { first("VALUE")?.lowercased() }

    /// Whether the value is said to be a URI; version 2.1 says URL.
    var isURI: Bool { valueType == "uri" || valueType == "url" }

    /// Takes a parameter away.
    mutating func remove(_ parameter: String) {
        parameters.removeAll { $0.name == parameter }
    }

    /// Gives a parameter in the place of what it was.
    mutating func set(_ parameter: String, _ values: String...) {
        remove(parameter)
        parameters.append(Parameter(name: parameter, values: values))
    }

    /// The types, in lower case.
    var types: [String] { values(of: "TYPE").map { $0.lowercased() } }

    /// Takes types away, by their names in lower case.
    mutating func removeTypes(_ isUnwanted: (String) -> Bool) {
        parameters = parameters.compactMap { parameter in
            guard parameter.name == "TYPE" else { return parameter }
            let kept = parameter.values.filter { !isUnwanted($0.lowercased()) }
            if kept.count == parameter.values.count { return parameter }
            return kept.isEmpty ? nil : Parameter(name: "TYPE", values: kept)
        }
    }

    /// Adds a type to those there are.
    mutating func addType(_ type: String) {
        guard let place = parameters.lastIndex(where: { $0.name == "TYPE" }) else {
            return parameters.append(Parameter(name: "TYPE", values: [type]))
        }
        parameters[place] = Parameter(name: "TYPE", values: parameters[place].values + [type])
    }
}

extension ConversionLine {
    /// Takes a card's property: quoted-printable and charset of 2.1 decoded, escapes as 3.0 has them.
    init(_ property: Property, origin: Int) {
        self.init(
            group: property.group,
            property.name,
            property.parameters,
            property.valueForConversion
        )
        self.origin = origin
        if property.isQuotedPrintable || property.isVersion21 {
            parameters.removeAll { parameter in
                parameter.name == "CHARSET"
                    || parameter.name == "ENCODING"
                        && !parameter.values.contains(where: InlineData.isBase64)
            }
        }
    }
}
