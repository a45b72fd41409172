import Testing
import VCard

struct CardFileTests {
    private func parts(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return CardFile.split(bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test
    func `a file is cut into its cards, and what lies between is skipped`() {
        let file = "\u{FEFF}junk\nBEGIN:VCARD\nFN:a\nEND:VCARD\n\nEND:VCARD\nbegin:vcard\nEND:vcard"

        #expect(parts(file) == ["BEGIN:VCARD\nFN:a\nEND:VCARD\n", "begin:vcard\nEND:vcard"])
    }

    @Test(arguments: ["AGENT:", "agent;X=y: ", "item1.Agent:"])
    func `vCard 2_1: an AGENT's card stays inside`(agent: String) {
        let inner = "BEGIN:VCARD\nFN:i\nEND:VCARD\n"
        let card = "BEGIN:VCARD\n\(agent)\n\n\(inner)FN:o\nEND:VCARD\n"

        #expect(parts(card + inner) == [card, inner])
    }

    @Test
    func `a card without its end reaches to the next`() {
        let file = "BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\nBEGIN:VCARD\nFN:c\n"

        #expect(
            parts(file) == [
                "BEGIN:VCARD\nFN:a\n", "BEGIN:VCARD\nFN:b\nEND:VCARD\n", "BEGIN:VCARD\nFN:c\n",
            ]
        )
    }

    @Test
    func `an AGENT's card without its end does not swallow the file`() {
        let file = "BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:i\nBEGIN:VCARD\nFN:b\nEND:VCARD\n"

        #expect(
            parts(file) == [
                "BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:i\n", "BEGIN:VCARD\nFN:b\nEND:VCARD\n",
            ]
        )
    }

    @Test
    func `white space before an end is forgiven where nothing more of the card comes`() {
        let first = "BEGIN:VCARD\nFN:a\n END:VCARD\n"
        let second = "BEGIN:VCARD\nNOTE:x\n END:VCARD\nFN:b\nEND:VCARD\n"

        #expect(parts(first + "\n" + second + first) == [first, second, first])
    }

    @Test
    func `a file without a card has none`() {
        #expect(parts("").isEmpty)
        #expect(parts("a,b\nc,d\n").isEmpty)
    }

    @Test
    func `each card of a file parses as it does alone`() throws {
        let cards = [cardBytes("FN:a"), cardBytes("FN:b", version: "4.0"), cardBytes("FN:c")]
        let file = cards.flatMap { $0 }

        let names = try CardFile.split(file).map { try Card(parsing: Array(file[$0])) }
            .map(\.formattedName)

        #expect(names == ["a", "b", "c"])
    }
}
