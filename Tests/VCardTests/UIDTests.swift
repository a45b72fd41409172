import Testing
import VCard

struct UIDTests {
    @Test(arguments: [
        ("urn:uuid:4FBE8971", "4fbe8971"), ("URN:UUID:a", "urn:uuid:A"), (" a\r\n", "A"),
        ("urn:uuid:", "URN:uuid:"),
    ])
    func `RFC 6350 §6.7.6: UIDs are the same modulo urn_uuid and letter case`(
        left: String,
        right: String
    ) throws {
        let left = try #require(UID(left))
        let right = try #require(UID(right))

        #expect(left == right)
        #expect(Set([left, right]).count == 1)
    }

    @Test
    func `other UIDs differ`() {
        #expect(UID("a") != UID("b"))
        #expect(UID("urn:oid:a") != UID("a"))
    }

    @Test(arguments: ["", " ", "\t\r\n"])
    func `nothing but white space is no UID`(text: String) {
        #expect(UID(text) == nil)
    }

    @Test
    func `a UID keeps its text, without white space around it`() {
        #expect(UID(" Urn:UUID:Ab \n")?.text == "Urn:UUID:Ab")
        #expect(UID("x y")?.description == "x y")
    }

    @Test
    func `a card's UID is the first that has a value`() throws {
        #expect(try Card(parsing: cardBytes("FN:x", "UID: ")).uid == nil)
        #expect(try Card(parsing: cardBytes("UID:", "item1.uid:a\\,b")).uid?.text == "a,b")
    }
}
