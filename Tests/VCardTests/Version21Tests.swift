import Testing
import VCard

struct Version21Tests {
    @Test
    func `vCard 2_1: quoted-printable goes on over soft line breaks`() throws {
        let line = "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=BC=\r\nrg=0D=0A=\r\n two=3D"

        let note = try property(line, version: "2.1")

        #expect(note.text == "Jürg\n two=")
        #expect(note.rawValue == "J=C3=BCrg=0D=0A two=3D")
    }

    @Test
    func `vCard 2_1: a soft line break joins neither the end nor what is no code`() throws {
        let note = try property("NOTE;QUOTED-PRINTABLE:50=ZZ=", version: "2.1")

        #expect(note.values(of: "ENCODING") == ["QUOTED-PRINTABLE"])
        #expect(note.text == "50=ZZ")
    }

    @Test(arguments: [
        ("CHARSET=ISO-8859-1:=E9=80", "é\u{80}"), ("CHARSET=windows-1252:=E9=80", "é€"),
        ("CHARSET=UTF-8:=C3=A9=E9", "é\u{FFFD}"), ("CHARSET=KOI-7:=C3=A9", "é"), ("X=y:=E9", "é"),
    ])
    func `vCard 2_1: the charset is the one named, else UTF-8 or Latin`(
        rest: String,
        text: String
    ) throws {
        let name = try property("FN;ENCODING=QUOTED-PRINTABLE;\(rest)", version: "2.1")

        #expect(name.text == text)
    }

    @Test
    func `vCard 2_1: only separators are escaped, and a comma makes no list`() throws {
        let name = try property(#"N:Veni, Vidi;The\; R;C:\new"#, version: "2.1")

        #expect(name.components == [["Veni, Vidi"], ["The; R"], [#"C:\new"#]])
        #expect(name.text == #"Veni, Vidi;The; R;C:\new"#)
    }

    @Test
    func `vCard 2_1: a parameter without a name gets the one that it means`() throws {
        let photo = try property("PHOTO;JPEG;base64;URL:abc", version: "2.1")

        #expect(photo.parameters.map(\.name) == ["TYPE", "ENCODING", "VALUE"])
    }

    @Test
    func `vCard 2_1: an AGENT's card stays inside`() throws {
        let agent = "AGENT:\r\nBEGIN:VCARD\r\nUID:inner\r\nFN:Inner\r\nEND:VCARD\r\n"
        let bytes = Array("BEGIN:VCARD\r\nVERSION:2.1\r\n\(agent)FN:Outer\r\nEND:VCARD\r\n".utf8)

        let card = try Card(parsing: bytes)
        let range = try #require(card.first("AGENT")?.byteRange)

        #expect(card.properties.map(\.name) == ["VERSION", "AGENT", "FN"])
        #expect(card.uid == nil)
        #expect(card.formattedName == "Outer")
        #expect(Array(bytes[range]) == Array(agent.utf8))
    }
}
