import Testing

@testable import ContactsControl

struct TerminalTests {
    @Test func `JSON is as RFC 8259 wants it`() {
        let value: JSON.Value = .members([
            "text": .text("a\"b\\\n\u{1}é"), "number": .number(-3), "flag": .truth(true),
            "none": .optional(nil as String?), "list": .list([.texts([]), .texts(["x", "y"])]),
        ])

        #expect(
            JSON.encode(value)
                == #"{"text":"a\"b\\\n\u0001é","number":-3,"flag":true,"none":null,"#
                + #""list":[[],["x","y"]]}"#
        )
        #expect(JSON.lines([JSON.Value]()) == "[]")
        #expect(JSON.lines([.number(1), .number(2)]) == "[1,\n 2]")
    }

    @Test func `a bar shows the share, the count and the rate`() {
        let bar = ProgressBar("cards", totalBytes: 100)

        #expect(
            bar.line(500, bytes: 50, after: .seconds(2))
                == "[###############---------------] 50 %, 500 cards, 250/s"
        )
        #expect(bar.line(9, bytes: 200, after: .zero).hasSuffix("] 100 %, 9 cards"))
        #expect(ProgressBar("cards").line(7, bytes: 0, after: .seconds(1)) == "7 cards, 7/s")
    }

    @Test func `a word is quoted where the shell would take it apart`() {
        #expect(Shell.quote("/tmp/work-1.vcf") == "/tmp/work-1.vcf")
        #expect(Shell.quote("a b") == "'a b'")
        #expect(Shell.quote("it's") == "'it'\\''s'")
        #expect(Shell.quote("") == "''")
    }

    @Test func `a time is written as RFC 3339 has it`() {
        #expect(Timestamp.text(0) == "1970-01-01T00:00:00Z")
        #expect(Timestamp.text(1_700_000_000) == "2023-11-14T22:13:20Z")
    }

    @Test func `completion looks where the command line says`() {
        let places = Completion.places([
            "contactsctl", "import", "--config=/a", "--state", "/b", "",
        ])

        #expect(places.config == "/a")
        #expect(places.state == "/b")
        #expect(places.socketPath("x").hasSuffix("/x.sock"))
    }
}
