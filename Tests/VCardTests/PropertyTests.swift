import Testing
import VCard

struct PropertyTests {
    @Test(arguments: [
        ("TEL;TYPE=home,voice:1", ["home", "voice"]),
        ("TEL;TYPE=\"home,voice\":1", ["home", "voice"]),
        ("TEL;TYPE=home;type=voice:1", ["home", "voice"]),
        ("TEL;HOME;VOICE:1", ["HOME", "VOICE"]),
        ("TEL;;TYPE=home;:1", ["home"]),
        ("TEL:1", []),
    ])
    func `RFC 6350 §6.4.1: types come in a list, in quotes, apart, and without a name`(
        line: String,
        types: [String]
    ) throws {
        let tel = try property(line)

        #expect(tel.values(of: "Type") == types)
        #expect(tel.has(parameter: "type") == !types.isEmpty)
        #expect(tel.text == "1")
    }

    @Test
    func `RFC 6350 §3.3: a quoted value may hold colon, semicolon and comma`() throws {
        let adr = try property(#"ADR;LABEL="1, Main: St; x";X="a","b":;;1 Main"#)

        #expect(adr.values(of: "LABEL") == ["1, Main: St; x"])
        #expect(adr.values(of: "X") == ["a", "b"])
        #expect(adr.rawValue == ";;1 Main")
    }

    @Test
    func `a quote that nothing closes is a character`() throws {
        let tel = try property(#"TEL;X=a"b;Y="c:1"#)

        #expect(tel.values(of: "X") == [#"a"b"#])
        #expect(tel.values(of: "Y") == [#""c"#])
        #expect(tel.text == "1")
    }

    @Test(arguments: [
        ("a^nb", "a\nb"), ("^'q^'", "\"q\""), ("^^n", "^n"), ("^x^", "^x^"), ("\"^n,\"", "\n,"),
    ])
    func `RFC 6868 §3.2: a circumflex escapes in parameters`(raw: String, text: String) throws {
        #expect(try property("ADR;LABEL=\(raw):;").values(of: "LABEL") == [text])
    }

    @Test(arguments: [
        (#"a\nb\Nc"#, "a\nb\nc"), (#"a\,b\;c\\d"#, #"a,b;c\d"#), (#"http\://x"#, "http://x"),
        (#"\\n"#, #"\n"#), (#"end\"#, #"end\"#), (#"\q"#, "q"), ("a:b;c,d", "a:b;c,d"), ("", ""),
    ])
    func `RFC 6350 §3.4: backslashes escape in values`(raw: String, text: String) throws {
        let note = try property("NOTE:\(raw)")

        #expect(note.text == text)
        #expect(note.rawValue == raw)
    }

    @Test
    func `RFC 6350 §6.2.2: a structured value is lists between semicolons`() throws {
        let name = try property(#"N:Ste\;vens;John;Philip,Pa\,ul;;M.D.\\"#)

        #expect(
            name.components == [["Ste;vens"], ["John"], ["Philip", "Pa,ul"], [""], [#"M.D.\"#]]
        )
    }

    @Test
    func `a value with too many parts keeps the rest in the last one`() throws {
        let semicolons = String(repeating: ";", count: Property.maximumComponents + 5)

        let parts = try property("N:\(semicolons)").components

        #expect(parts.count == Property.maximumComponents + 1)
        #expect(parts.last == [";;;;;"])
    }

    @Test
    func `unknown names, groups and parameters are read like known ones`() throws {
        let own = try property("my-group.X-Foo_1;X-P=q:v")

        #expect(own.group == "my-group")
        #expect(own.name == "X-FOO_1")
        #expect(own.parameters.map(\.name) == ["X-P"])
    }

    @Test
    func `properties are equal when they say the same at the same place`() throws {
        #expect(try property("TEL:1") == property("TEL:1"))
        #expect(try property("TEL:1") != property("TEL:2"))
        #expect(try property("TEL:1") != property("a.TEL:1"))
    }
}
