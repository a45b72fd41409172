/// Makes requests that are almost right out of some that are, the same ones again for the same seed.
struct Mutator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The next random number (SplitMix64, by Sebastiano Vigna).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number below another.
    mutating func below(_ limit: Int) -> Int {
        limit > 0 ? Int(next() % UInt64(limit)) : 0
    }

    /// Pieces that mean something to one parser or another.
    private static let pieces: [[UInt8]] = [
        "\r\n", "\n", "\r", "\r\n\r\n", "\0", " ", "\t", ":", ",", ";", "%", "%00", "%2e%2e/", "..",
        "//", "0", "-1", "99999999999999999999", "Transfer-Encoding: chunked\r\n", "chunked",
        "Content-Length: 5\r\n", "Content-Length: 0\r\n", "Expect: 100-continue\r\n", "HTTP/1.1",
        "HTTP/2.0", "GET / HTTP/1.1\r\n", "Host: evil.example\r\n", "Connection: close\r\n",
        "Upgrade: h2c\r\n", "If: (<x>)\r\n", "Depth: infinity\r\n", "Range: bytes=-1\r\n", "<", ">",
        "]]>", "<!--", "&amp;", "<!DOCTYPE x [", "xmlns:D=\"DAV:\"", "\"", "'", "\u{FEFF}",
        "\u{202E}",
        "BEGIN:VCARD\r\n", "END:VCARD\r\n", "\\n", "=\r\n", "0\r\n\r\n", "ffffffff\r\n",
    ].map { Array($0.utf8) }

    /// A request with one to eight wounds.
    mutating func mutated(_ request: [UInt8]) -> [UInt8] {
        var bytes = request
        for _ in 0...below(8) { wound(&bytes) }
        return bytes
    }

    private mutating func wound(_ bytes: inout [UInt8]) {
        let place = below(bytes.count + 1)
        switch below(8) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
        case 1 where place < bytes.count: bytes[place] = UInt8(below(256))
        case 2: bytes.insert(UInt8(below(256)), at: place)
        case 3:
            let length = min(below(12), bytes.count - place)
            bytes.removeSubrange(place..<(place + length))
        case 4:
            let from = below(bytes.count)
            let length = min(below(64), bytes.count - from)
            bytes.insert(contentsOf: Array(bytes[from..<(from + length)]), at: place)
        case 5 where below(8) == 0: bytes.removeSubrange(place...)
        case 6 where below(8) == 0:
            bytes.insert(contentsOf: [UInt8](repeating: UInt8(below(256)), count: 4_096), at: place)
        default: bytes.insert(contentsOf: Self.pieces[below(Self.pieces.count)], at: place)
        }
    }
}
