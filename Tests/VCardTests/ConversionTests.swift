import Testing
import VCard

/// The lines of a card of one version in another, without `BEGIN`, `VERSION` and `END`.
func converted(
    _ lines: String,
    from source: String,
    to target: CardVersion
) throws -> String {
    let card = try Card(parsing: cardBytes(lines, version: source))
    let text = String(decoding: try card.converted(to: target), as: UTF8.self)
    let start = "BEGIN:VCARD\r\nVERSION:\(target.rawValue)\r\n"
    let end = "\r\nEND:VCARD\r\n"
    try #require(text.hasPrefix(start) && text.hasSuffix(end))
    return String(text.dropFirst(start.count).dropLast(end.count))
}

struct ConversionTests {
    /// What version 3.0 has, and version 4.0: each becomes the other.
    private static let pairs: [(String, String)] = [
        ("X-ADDRESSBOOKSERVER-KIND:group", "KIND:group"),
        ("X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1", "MEMBER:urn:uuid:1"),
        ("CATEGORIES:a\\,b,c", "CATEGORIES:a\\,b,c"),
        ("X-GENDER:M", "GENDER:M"),
        ("X-ANNIVERSARY:2009-08-08", "ANNIVERSARY:20090808"),
        (
            "item1.X-ABDATE:2009-08-08\r\nitem1.X-ABLABEL:_$!<Anniversary>!$_",
            "item1.ANNIVERSARY:20090808\r\nitem1.X-ABLABEL:_$!<Anniversary>!$_"
        ),
        ("BDAY:1985-04-12", "BDAY:19850412"),
        ("BDAY;VALUE=date-time:1985-04-12T10:22:00Z", "BDAY:19850412T102200Z"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12", "BDAY:--0412"),
        ("BDAY:1985", "BDAY:1985"),
        ("BDAY:1985-04", "BDAY:1985-04"),
        ("BDAY:---12", "BDAY:---12"),
        ("BDAY;VALUE=text:circa 1800", "BDAY;VALUE=text:circa 1800"),
        ("REV:1995-10-31T22:27:10Z", "REV:19951031T222710Z"),
        ("REV:1995-10-31T22:27:10-05:00", "REV:19951031T222710-0500"),
        ("REV;VALUE=date:1995-10-31", "REV:19951031"),
        ("EMAIL;TYPE=INTERNET,PREF:a@b.example", "EMAIL;TYPE=INTERNET;PREF=1:a@b.example"),
        ("EMAIL;PREF=2:a@b.example", "EMAIL;PREF=2:a@b.example"),
        ("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", "PHOTO:data:image/jpeg;base64,/9j/4AAQ"),
        ("LOGO;ENCODING=b;TYPE=SVG+XML:PHN2", "LOGO:data:image/svg+xml;base64,PHN2"),
        ("SOUND;ENCODING=b;TYPE=BASIC:AAAA", "SOUND:data:audio/basic;base64,AAAA"),
        ("KEY;ENCODING=b;TYPE=PGP:AAAA", "KEY:data:application/pgp-keys;base64,AAAA"),
        ("KEY;VALUE=text:word", "KEY;VALUE=text:word"),
        ("PHOTO;ENCODING=b:AAAA", "PHOTO:data:application/octet-stream;base64,AAAA"),
        (
            "PHOTO;VALUE=uri;TYPE=GIF:http://x.example/p,q.gif",
            "PHOTO;MEDIATYPE=image/gif:http://x.example/p,q.gif"
        ),
        (
            "PHOTO;TYPE=home,JPEG,PREF;ENCODING=b:/9j/",
            "PHOTO;TYPE=home;PREF=1:data:image/jpeg;base64,/9j/"
        ),
        ("TEL;TYPE=CELL:+1-555-0100", "TEL;TYPE=CELL;VALUE=uri:tel:+1-555-0100"),
        ("TEL:+1 (555) 0100", "TEL:+1 (555) 0100"),
        ("TEL;VALUE=uri:sip:a@x.example", "TEL;VALUE=uri:sip:a@x.example"),
        (
            "ADR;TYPE=HOME:;;1 Main\\, St;Town;;1;\r\nLABEL;TYPE=HOME:1 Main\\, St\\nTown",
            "ADR;TYPE=HOME;LABEL=\"1 Main, St^nTown\":;;1 Main\\, St;Town;;1;"
        ),
        ("LABEL:Here", "ADR;LABEL=Here:;;;;;;"),
        ("GEO:37.386013;-122.082932", "GEO:geo:37.386013,-122.082932"),
        ("GEO;VALUE=uri:geo:1,2;u=35", "GEO:geo:1,2;u=35"),
        ("TZ:-05:00", "TZ;VALUE=utc-offset:-0500"),
        ("TZ;VALUE=text:America/New_York", "TZ:America/New_York"),
        ("N:van der Harten;Rene\r\nSORT-STRING:Harten", "N;SORT-AS=Harten:van der Harten;Rene"),
        (
            "N;SORT-AS=Harten,Rene:van der Harten;Rene\r\nSORT-STRING:Harten",
            "N;SORT-AS=Harten,Rene:van der Harten;Rene"
        ),
        ("X-AIM;TYPE=HOME:joe\\,1", "IMPP;TYPE=HOME;X-PROPERTY-NAME=X-AIM:aim:joe%2C1"),
        ("IMPP;X-SERVICE-TYPE=Skype:skype:joe", "IMPP;X-SERVICE-TYPE=Skype:skype:joe"),
        (
            "item1.X-ABRELATEDNAMES:Jane\r\nitem1.X-ABLABEL:_$!<Spouse>!$_",
            "item1.RELATED;TYPE=spouse;VALUE=text:Jane\r\nitem1.X-ABLABEL:_$!<Spouse>!$_"
        ),
        (
            "related1.X-ABRELATEDNAMES;TYPE=friend:Bob\r\nrelated1.X-ABLabel:_$!<Friend>!$_",
            "RELATED;TYPE=friend;VALUE=text:Bob"
        ),
        (
            "X-ABRELATEDNAMES;TYPE=muse;VALUE=uri:urn:uuid:7",
            "RELATED;TYPE=muse:urn:uuid:7"
        ),
        ("AGENT;VALUE=uri:cid:a@x.example", "RELATED;TYPE=agent:cid:a@x.example"),
        (
            "AGENT:BEGIN:VCARD\\nFN:Su\\nEND:VCARD\\n",
            "RELATED;TYPE=agent;VALUE=text:BEGIN:VCARD\\nFN:Su\\nEND:VCARD\\n"
        ),
        ("X-LANG;PREF=2:fr", "LANG;PREF=2:fr"),
        ("X-HOBBY;LEVEL=high:reading", "HOBBY;LEVEL=high:reading"),
        ("CLASS:PRIVATE", "X-CLASS:PRIVATE"),
        ("MAILER:Pine", "X-MAILER:Pine"),
        ("NAME:List", "X-NAME:List"),
        ("PROFILE:VCARD", "X-PROFILE:VCARD"),
        ("FBURL:https://x.example/f", "FBURL:https://x.example/f"),
        (
            "item2.X-Odd;x-P=\"a:b\":raw\\;v,a\r\n  lue",
            "item2.X-Odd;x-P=\"a:b\":raw\\;v,a\r\n  lue"
        ),
        ("ORG:A\\, Inc.;Unit", "ORG:A\\, Inc.;Unit"),
        ("EMAIL;PID=1.1;ALTID=1:a@b.example", "EMAIL;PID=1.1;ALTID=1:a@b.example"),
    ]

    @Test(arguments: pairs)
    func `RFC 6350 Appendix A: what 3_0 has becomes what 4_0 has for it`(
        old: String,
        new: String
    ) throws {
        #expect(try converted(old, from: "3.0", to: .v4_0) == new)
    }

    @Test(arguments: pairs)
    func `RFC 6352 §5.1.1: what 4_0 has becomes what 3_0 has for it`(
        old: String,
        new: String
    ) throws {
        // Parameters come in the order in which they were made.
        func sorted(_ text: String) -> [[String]] {
            text.split(separator: "\r\n").map { line in
                let head = line.split(separator: ":", maxSplits: 1)
                let types = head[0].split(separator: ";").map { part in
                    part.split(separator: ",").sorted().joined(separator: ",")
                }
                return types.sorted() + head.dropFirst().map(String.init)
            }
        }

        #expect(sorted(try converted(new, from: "4.0", to: .v3_0)) == sorted(old))
    }

    @Test(arguments: [
        ("FN:a;b", "FN:a\\;b"), ("NOTE:a, b", "NOTE:a\\, b"), ("NOTE:a\\Nb", "NOTE:a\\nb"),
        ("URL:http\\://x.example/a\\,b", "URL:http://x.example/a,b"),
        ("X-GENDER:Female", "GENDER:F"), ("X-GENDER:Other", "GENDER:;Other"),
        ("GEO:37.38,-122.08", "GEO:geo:37.38,-122.08"), ("GEO:nowhere", "GEO:nowhere"),
        ("PHOTO;ENCODING=B:/9j/\r\n   4AAQ", "PHOTO:data:image/jpeg;base64,/9j/4AAQ"),
        ("PHOTO;BASE64:R0lGODlh", "PHOTO:data:image/gif;base64,R0lGODlh"),
        ("BDAY:--04-12", "BDAY:--0412"), ("BDAY:soon", "BDAY:soon"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1985-04-12", "BDAY;X-APPLE-OMIT-YEAR=1604:19850412"),
        ("NOTE;CHARSET=UTF-8:x", "NOTE:x"),
        ("KIND:group", "KIND:group"), ("RELATED:urn:uuid:1", "RELATED:urn:uuid:1"),
        ("SORT-STRING:x", "SORT-STRING:x"),
        (
            "X-ANNIVERSARY:2009-08-08\r\nX-ANNIVERSARY:2010-08-08",
            "ANNIVERSARY:20090808\r\nX-ANNIVERSARY:2010-08-08"
        ),
        ("X-AIM:joe\r\nIMPP:aim:joe", "X-AIM:joe\r\nIMPP:aim:joe"),
        (
            "LABEL;TYPE=HOME:H\r\nADR;TYPE=WORK:w\r\nADR;TYPE=home:h",
            "ADR;TYPE=home;LABEL=H:h\r\nADR;TYPE=WORK:w"
        ),
    ])
    func `what clients write into 3_0 becomes good 4_0`(old: String, new: String) throws {
        #expect(try converted(old, from: "3.0", to: .v4_0) == new)
    }

    @Test(arguments: [
        ("TEL;VALUE=uri:tel:+1-555;ext=2", "TEL:+1-555\\;ext=2"),
        ("BDAY:19850412T1022", "BDAY;VALUE=date-time:1985-04-12T10:22"),
        ("TZ;VALUE=uri:http://x.example/tz", "TZ;VALUE=uri:http://x.example/tz"),
        ("PHOTO:data:text/plain,a%20b", "PHOTO;ENCODING=b;TYPE=text/plain:YSBi"),
        ("KEY:data:;base64,AAAA", "KEY;ENCODING=b:AAAA"),
        ("NOTE:x\r\nXML:<a/>\r\nCLIENTPIDMAP:1;urn:uuid:1", "NOTE:x"),
        ("RELATED;TYPE=agent;VALUE=text:Su", "AGENT;VALUE=text:Su"),
    ])
    func `what 4_0 alone can say goes into 3_0 as far as it can`(new: String, old: String) throws {
        #expect(try converted(new, from: "4.0", to: .v3_0) == old)
    }

    @Test(arguments: [
        (
            "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=FCrg, =\r\nund;=0D=0AC:\\new",
            "NOTE:Jürg\\, und\\;\\nC:\\\\new"
        ),
        ("N;CHARSET=UTF-8:Veni, Vidi;The\\; R", "N:Veni\\, Vidi;The\\; R"),
        ("TEL;HOME;PREF;FAX:1", "TEL;TYPE=HOME;TYPE=FAX;PREF=1:1"),
        (
            "PHOTO;JPEG;ENCODING=BASE64:\r\n/9j/4AAQ\r\nSkZJRg==\r\n\r\nFN:x",
            "PHOTO:data:image/jpeg;base64,/9j/4AAQSkZJRg==\r\nFN:x"
        ),
        (
            "AGENT:\r\nBEGIN:VCARD\r\nFN:Su, B.\r\nEND:VCARD",
            "RELATED;TYPE=agent;VALUE=text:BEGIN:VCARD\\nFN:Su\\, B.\\nEND:VCARD\\n"
        ),
        ("LOGO;VALUE=URL;GIF:http://x.example/a", "LOGO;MEDIATYPE=image/gif:http://x.example/a"),
        ("ADR;DOM;HOME:;;1 A, B", "ADR;TYPE=DOM;TYPE=HOME:;;1 A\\, B"),
    ])
    func `vCard 2_1: a card is told in 4_0`(old: String, new: String) throws {
        #expect(try converted(old, from: "2.1", to: .v4_0) == new)
    }

    @Test func `vCard 2_1: a card is told in 3_0`() throws {
        let old = "FN;QUOTED-PRINTABLE:=C3=BC\r\nPHOTO;BASE64;GIF:R0lG\r\nTEL;PREF:1"

        let new = try converted(old, from: "2.1", to: .v3_0)

        #expect(new == "FN:ü\r\nPHOTO;TYPE=GIF;ENCODING=b:R0lG\r\nTEL;TYPE=PREF:1")
    }

    @Test(arguments: ["3.0", "4.0"])
    func `RFC 6352 §5.1.1: a card of the version asked for is given byte for byte`(
        version: String
    ) throws {
        let target = try #require(CardVersion(rawValue: version))
        let bytes = Array("begin:vcard\nversion:\(version)\nfn:a;b\n c\njunk\nend:vcard".utf8)

        #expect(try Card(parsing: bytes).converted(to: target) == bytes)
    }

    @Test func `a card without a version is taken for 3_0, one of an unknown version for none`()
        throws
    {
        let silent = try Card(parsing: cardBytes("BDAY:1985-04-12", version: nil))
        let strange = try Card(parsing: cardBytes("FN:x", version: "5.0"))

        #expect(try silent.converted(to: .v3_0) == cardBytes("BDAY:1985-04-12"))
        #expect(try silent.converted(to: .v4_0) == cardBytes("BDAY:19850412", version: "4.0"))
        #expect(throws: ConversionError.unknownVersion) { try strange.converted(to: .v4_0) }
        #expect(throws: ConversionError.unknownVersion) { try silent.converted(to: .v2_1) }
    }

    @Test func `RFC 6350 §3.2: a long line is folded between characters`() throws {
        let data = String(repeating: "QUJD", count: 100)
        let name = String(repeating: "ü", count: 100)
        let card = try Card(
            parsing: cardBytes("PHOTO;ENCODING=b;TYPE=PNG:\(data)", "FN:;\(name)")
        )

        let bytes = try card.converted(to: .v4_0)

        let lines = bytes.split(separator: 0x0A).map { $0.dropLast() }
        #expect(lines.allSatisfy { $0.count <= 75 })
        #expect(lines.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
        let read = try Card(parsing: bytes)
        #expect(read.first("PHOTO")?.rawValue == "data:image/png;base64,\(data)")
        #expect(read.first("FN")?.text == ";\(name)")
    }

    @Test(arguments: [
        "LABEL:x\n", "ADR:x\n", "ADR;LABEL=x:y\n", "X-ABRELATEDNAMES:x\n", "a.RELATED;TYPE=kin:x\n",
        "SORT-STRING:x\n", "X-AIM:x\n", "A.X-ABLABEL:x\n", "N;SORT-AS=a:x\n", "BDAY:1985-04-12\n",
    ])
    func `conversion takes time in proportion to the lines`(line: String) throws {
        for version in ["3.0", "4.0"] {
            let text = "BEGIN:VCARD\nVERSION:\(version)\n\(String(repeating: line, count: 10_000))"
            let card = try Card(parsing: Array("\(text)END:VCARD\n".utf8))
            let clock = ContinuousClock()

            let time = try clock.measure {
                _ = try card.converted(to: version == "3.0" ? .v4_0 : .v3_0)
            }

            // Ten times what a slow machine needs; in square time it would be minutes.
            #expect(time < .seconds(20))
        }
    }
}
