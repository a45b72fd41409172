import Testing
import VCard

/// A card around some lines, with the version and the line end given.
func cardBytes(_ lines: String..., version: String? = "3.0", lineEnd: String = "\r\n") -> [UInt8] {
    let head = ["BEGIN:VCARD"] + (version.map { ["VERSION:\($0)"] } ?? [])
    let all = head + lines + ["END:VCARD"]
    return Array(all.map { $0 + lineEnd }.joined().utf8)
}

/// What a card of one line has in it, that line being the first behind the version.
func property(_ line: String, version: String? = "3.0") throws -> Property {
    let card = try Card(parsing: cardBytes(line, version: version))
    return try #require(card.properties.first { $0.name != "VERSION" })
}

/// The same numbers on every run.
struct FixedGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
