extension ValueForm {
    /// Pictures, sounds and keys: base64 in 3.0, a `data:` URI in 4.0 (RFC 2397).
    static let image = InlineData.form("image")
    static let audio = InlineData.form("audio")
    static let key = InlineData.form("application")
}

/// What lies in a card as base64, or as a URI.
enum InlineData {
    static func form(_ family: String) -> ValueForm {
        ValueForm(
            up: { line in up(&line, family) },
            down: { line in down(&line, family) }
        )
    }

    /// Whether an encoding's name means base64: `b` in 3.0, `BASE64` in 2.1.
    static func isBase64(_ encoding: String) -> Bool {
        let encoding = encoding.uppercased()
        return encoding == "B" || encoding == "BASE64"
    }

    private static func up(_ line: inout ConversionLine, _ family: String) {
        let isInline = line.values(of: "ENCODING").contains(where: isBase64)
        let format = line.types.first { !isPlace($0) }
        line.removeTypes { $0 == format }
        line.remove("ENCODING")
        if isInline {
            let data = line.value.filter { $0 > 0x20 }
            let type =
                format.map { mediaType($0, family) } ?? sniffed(data) ?? "application/octet-stream"
            line.remove("VALUE")
            line.value = Array("data:\(type);base64,".utf8) + data
        } else if line.valueType == "text" {
            if let format { line.set("MEDIATYPE", mediaType(format, family)) }
        } else {
            let isURI = line.isURI || URIText.scheme(of: line.value) != nil
            line.remove("VALUE")
            if !isURI { line.set("VALUE", "text") }
            if let format, URIText.scheme(of: line.value) != "data" {
                line.set("MEDIATYPE", mediaType(format, family))
            }
        }
    }

    private static func down(_ line: inout ConversionLine, _ family: String) {
        if line.valueType == "text" { return tellFormat(line.first("MEDIATYPE"), &line, family) }
        line.remove("VALUE")
        if let (type, data) = URIText.data(line.value) {
            line.value = data
            line.set("ENCODING", "b")
            tellFormat(type, &line, family)
        } else {
            line.set("VALUE", "uri")
            tellFormat(line.first("MEDIATYPE"), &line, family)
        }
    }

    private static func tellFormat(
        _ type: String?,
        _ line: inout ConversionLine,
        _ family: String
    ) {
        line.remove("MEDIATYPE")
        guard let type, type != "application/octet-stream", !type.isEmpty else { return }
        line.addType(format(type, family))
    }

    /// Where a thing belongs, and not what it is made of (RFC 6350 §5.6).
    private static func isPlace(_ type: String) -> Bool {
        type == "home" || type == "work" || type == "pref"
    }

    /// The names that are not a media type's second half.
    private static let names: [(format: String, type: String)] = [
        ("pgp", "application/pgp-keys"), ("x509", "application/pkix-cert"), ("wave", "audio/wav"),
        ("pcm", "audio/l16"),
    ]

    /// What else these are called by those who write.
    private static let otherNames: [(format: String, type: String)] = [
        ("jpg", "image/jpeg"), ("gpg", "application/pgp-keys"), ("mp3", "audio/mpeg"),
    ]

    private static func mediaType(_ format: String, _ family: String) -> String {
        if format.contains("/") { return format }
        return (names + otherNames).first { $0.format == format }?.type ?? "\(family)/\(format)"
    }

    private static func format(_ type: String, _ family: String) -> String {
        let type = type.lowercased()
        if let known = names.first(where: { $0.type == type }) { return known.format.uppercased() }
        let prefix = "\(family)/"
        guard type.hasPrefix(prefix), !type.contains(";") else { return type }
        return type.dropFirst(prefix.count).uppercased()
    }

    /// The type of a picture, by the base64 of what its files begin with.
    private static func sniffed(_ data: [UInt8]) -> String? {
        for (start, type) in [
            ("/9j/", "image/jpeg"), ("iVBORw0KGgo", "image/png"), ("R0lGOD", "image/gif"),
        ] where data.starts(with: start.utf8) { return type }
        return nil
    }
}
