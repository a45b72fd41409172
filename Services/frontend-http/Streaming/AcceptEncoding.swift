/// Whether a client takes gzip (RFC 9110 §12.5.3).
enum AcceptEncoding {
    /// Reads an `Accept-Encoding`.
    ///
    /// - Parameter field: The value, lines joined by commas; `nil` where there is none.
    /// - Returns: Whether gzip is taken, and not less gladly than the plain bytes.
    static func takesGzip(_ field: String?) -> Bool {
        guard let field, field.utf8.count <= 1_024 else { return false }
        var gzip: Int?
        var any: Int?
        var identity = 0
        for member in field.lowercased().split(separator: ",") {
            let parts = member.split(separator: ";").map { $0.trimmed }
            guard let name = parts.first, let weight = weight(parts.dropFirst()) else { continue }
            switch name {
            case "gzip", "x-gzip": gzip = weight
            case "*": any = weight
            case "identity": identity = weight
            default: continue
            }
        }
        let weight = gzip ?? any ?? 0
        return weight > 0 && weight >= identity
    }

    /// The thousandths of `q`, 1,000 where there is none; `nil` for what is no weight (§12.4.2).
    private static func weight(_ parameters: ArraySlice<Substring>) -> Int? {
        guard let parameter = parameters.first else { return 1_000 }
        guard parameters.count == 1, parameter.hasPrefix("q=") else { return nil }
        let digits = parameter.dropFirst(2).utf8
        guard (1...5).contains(digits.count), let whole = digits.first,
            whole == UInt8(ascii: "0") || whole == UInt8(ascii: "1"),
            digits.count == 1 || digits.dropFirst().first == UInt8(ascii: ".")
        else { return nil }
        var thousandths = Int(whole - 0x30)
        let decimals = digits.dropFirst(2)
        for index in 0..<3 {
            let digit = index < decimals.count ? Array(decimals)[index] : 0x30
            guard (0x30...0x39).contains(digit) else { return nil }
            thousandths = thousandths * 10 + Int(digit - 0x30)
        }
        return thousandths <= 1_000 ? thousandths : nil
    }
}

extension Substring {
    /// Without spaces and tabs around it.
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest
    }
}
