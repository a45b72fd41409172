import Testing
import VCard

struct ConversionRoundTripTests {
    @Test(arguments: 0..<300)
    func `RFC 6352 §5.1.1: a card of 3.0 comes back from 4.0 with all it had`(seed: Int) throws {
        try check(seed, .v3_0, by: .v4_0)
    }

    @Test(arguments: 0..<300)
    func `RFC 6352 §5.1.1: a card of 4.0 comes back from 3.0 with all it had`(seed: Int) throws {
        try check(seed, .v4_0, by: .v3_0)
    }

    private func check(_ seed: Int, _ version: CardVersion, by other: CardVersion) throws {
        var random = RandomContact(seed: UInt64(seed), version)
        let bytes = cardBytes(random.lines().joined(separator: "\r\n"), version: version.rawValue)
        let card = try Card(parsing: bytes)

        let between = try Card(parsing: card.converted(to: other))
        let back = try Card(parsing: between.converted(to: version))

        #expect(between.version == other)
        #expect(back.version == version)
        #expect(Self.told(back) == Self.told(card), "\(String(decoding: bytes, as: UTF8.self))")
        // Once there, nothing moves any more.
        #expect(
            try Card(parsing: back.converted(to: other)).properties.count
                == between.properties.count
        )
    }

    /// What a card says, without the order of lines and parameters.
    private static func told(_ card: Card) -> [String] {
        card.properties.map { property in
            let parameters = property.parameters.flatMap { parameter in
                parameter.values.map { "\(parameter.name)=\($0)" }
            }
            let value = property.components.map { $0.joined(separator: ",") }
            return "\(property.group ?? "").\(property.name);\(parameters.sorted()):\(value)"
        }
        .sorted()
    }
}

/// Cards made at random, of what each version's own clients write.
private struct RandomContact {
    private var generator: FixedGenerator
    private let version: CardVersion
    private var group = 0

    init(seed: UInt64, _ version: CardVersion) {
        generator = FixedGenerator(seed: seed)
        self.version = version
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    private mutating func text() -> String {
        (0..<number(1...4)).map { _ in
            pick([
                "a", "Zoë", "日本", " ", "\\,", "\\;", "\\n", "\\\\", ":", "\"", "=", "^", "'", "é",
            ])
        }
        .joined() + "x"
    }

    private mutating func types() -> String {
        pick([
            "", "", ";TYPE=HOME", ";TYPE=work,voice", ";TYPE=x-odd", ";X-P=\"a,b:c\"", ";PID=1.1",
        ])
    }

    /// The preferred one, as each version says it; or one of less rank.
    private mutating func preference() -> String {
        pick(["", "", version == .v3_0 ? ";TYPE=PREF" : ";PREF=1", ";PREF=7"])
    }

    private mutating func newGroup() -> String {
        group += 1
        return "item\(group)."
    }

    private mutating func year() -> Int { number(1000...2100) }
    private mutating func two(_ range: ClosedRange<Int>) -> String {
        let number = number(range)
        return number < 10 ? "0\(number)" : "\(number)"
    }

    private mutating func date() -> (parameter: String, value: String) {
        let (year, month, day) = (year(), two(1...12), two(1...28))
        if version == .v3_0 {
            return switch number(0...3) {
            case 0: (";X-APPLE-OMIT-YEAR=1604", "1604-\(month)-\(day)")
            case 1: (";VALUE=date-time", "\(year)-\(month)-\(day)T\(two(0...23)):10:00Z")
            case 2: (";VALUE=text", "about \(year)")
            default: ("", "\(year)-\(month)-\(day)")
            }
        }
        return switch number(0...6) {
        case 0: ("", "--\(month)\(day)")
        case 1: ("", "\(year)\(month)\(day)T\(two(0...23))1000-0500")
        case 2: (";VALUE=text", "about \(year)")
        case 3: ("", "\(year)-\(month)")
        case 4: ("", "---\(day)")
        case 5: (";CALSCALE=gregorian", "\(year)")
        default: ("", "\(year)\(month)\(day)")
        }
    }

    private mutating func media(_ name: String, _ family: String, _ format: String) -> String {
        let data = pick(["AAAA", "/9j/4AAQSkZJRg==", String(repeating: "QUJD", count: 60)])
        let uri = "https://x.example/\(number(0...99)),\(name)"
        if version == .v3_0 {
            return pick([
                "\(name);ENCODING=b;TYPE=\(format):\(data)",
                "\(name);VALUE=uri;TYPE=\(format):\(uri)", "\(name);VALUE=uri:\(uri)",
            ])
        }
        let type = "\(family)/\(format.lowercased())"
        return pick([
            "\(name):data:\(type);base64,\(data)", "\(name);TYPE=home:data:\(type);base64,\(data)",
            "\(name);MEDIATYPE=\(type):\(uri)", "\(name):\(uri)",
        ])
    }

    /// Lines of properties that a card has many of.
    private mutating func shared() -> String {
        let preference = preference()
        return switch number(0...12) {
        case 0: "EMAIL\(types())\(preference):\(text())"
        case 1: "NOTE\(types()):\(text())"
        case 2: "ORG:\(text());\(text()),\(text())"
        case 3: "CATEGORIES:\(text()),\(text())"
        case 4:
            "\(newGroup())URL:https://x.example/\(number(0...9))\r\nitem\(group).X-ABLABEL:\(text())"
        case 5: "X-ODD;A=\"b;c\":\(text());\\q,\(text())"
        case 6: media("LOGO", "image", "PNG")
        case 7: media("SOUND", "audio", "OGG")
        case 8: "IMPP\(types())\(preference):xmpp:a\(number(0...9))@x.example"
        case 9: "NICKNAME:\(text()),\(text())"
        case 10: "FBURL:https://x.example/f"
        case 11: "TEL\(types())\(preference):0\(number(1...999)) \(text())"
        default: "TITLE:\(text())"
        }
    }

    private mutating func old() -> String {
        let preference = preference()
        return switch number(0...9) {
        case 0:
            "ADR;TYPE=\(newGroup())h:;;\(text());\(text());;;\r\nLABEL;TYPE=item\(group).h:\(text())"
        case 1: "LABEL;TYPE=\(newGroup())l:\(text())"
        case 2: "X-AIM\(types()):n\(number(0...999))\\,x"
        case 3: "\(newGroup())X-ABRELATEDNAMES:\(text())\r\nitem\(group).X-ABLABEL:_$!<Spouse>!$_"
        case 4: "\(newGroup())X-ABRELATEDNAMES:\(text())\r\nitem\(group).X-ABLABEL:\(text())"
        case 5: "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:\(number(0...9999))"
        case 6: "TEL\(types())\(preference):+1-\(number(100...999))"
        case 7: "AGENT:BEGIN:VCARD\\nFN:\(number(0...9))\\nEND:VCARD\\n"
        case 8: "X-HOBBY:\(text())"
        default: "X-LANG\(preference):fr"
        }
    }

    private mutating func new() -> String {
        let preference = preference()
        let label = pick(["", ";LABEL=\"\(number(0...99)), ^n:;^'x^^\""])
        return switch number(0...9) {
        case 0: "ADR;TYPE=\(newGroup())h\(label)\(preference):;;\(text());\(text()),\(text());;;"
        case 1: "RELATED;TYPE=\(pick(["friend", "muse", "agent"])):urn:uuid:\(number(0...9999))"
        case 2: "RELATED;TYPE=\(pick(["spouse", "friend,kin", "me"]));VALUE=text:\(text())"
        case 3: "\(newGroup())RELATED;TYPE=child;VALUE=text:\(text())"
        case 4: "MEMBER:urn:uuid:\(number(0...9999))"
        case 5: "TEL;VALUE=uri\(types())\(preference):tel:+1-\(number(100...999))"
        case 6: "HOBBY;LEVEL=high;INDEX=1:\(text())"
        case 7: "LANG\(preference):fr"
        case 8: "EMAIL;ALTID=1;LANGUAGE=fr:\(text())"
        default: "ORG;SORT-AS=\"a\":\(text())"
        }
    }

    /// All lines of a card but `VERSION`.
    mutating func lines() -> [String] {
        var lines = ["FN:\(text())", "UID:urn:uuid:\(number(0...9999))"]
        let isOld = version == .v3_0
        let birth = date()
        let anniversary = date()
        let wanted =
            isOld
            ? [
                "N:\(text());\(text()),\(text())\r\nSORT-STRING:\(text())",
                "X-ADDRESSBOOKSERVER-KIND:group",
                "X-GENDER:\(pick(["M", "F;\(text())", ";\(text())"]))",
                "X-ANNIVERSARY\(anniversary.parameter):\(anniversary.value)",
                "GEO:37.386013;-122.082932", pick(["TZ:-05:00", "TZ;VALUE=text:Europe/Rome"]),
                "REV:\(year())-10-31T22:27:10Z", "CLASS:PRIVATE", "MAILER:\(text())",
                "NAME:\(text())", "PROFILE:VCARD",
            ]
            : [
                "N;SORT-AS=\(pick(["a", "a,b", "\"a,b\""])):\(text());\(text())", "KIND:group",
                "GENDER:\(pick(["M", "F;\(text())", ";\(text())", "U"]))",
                "ANNIVERSARY\(anniversary.parameter):\(anniversary.value)",
                pick(["GEO:geo:37.386013,-122.082932", "GEO:geo:1,2;u=35"]),
                pick([
                    "TZ;VALUE=utc-offset:-0500", "TZ:Europe/Rome", "TZ;VALUE=uri:http://x.example/",
                ]),
                "REV:\(year())1031T222710Z", "BIRTHPLACE:\(text())", "DEATHDATE:19960415",
            ]
        for line in wanted where number(0...1) == 0 { lines.append(line) }
        lines.append("BDAY\(birth.parameter):\(birth.value)")
        lines.append(media("PHOTO", "image", "JPEG"))
        for _ in 0..<number(0...6) {
            lines.append(number(0...1) == 0 ? shared() : isOld ? old() : new())
        }
        return lines
    }
}
