import Testing
import VCard

struct SlugTests {
    @Test(arguments: [
        ("Alice Smith", "alice-smith"), ("  --Bob  &  Co. (2)--", "bob-co-2"),
        ("O'Brien’s", "obriens"), ("José Núñez", "jose-nunez"), ("Jose\u{301}", "jose"),
        ("Jürgen Groß", "jurgen-gross"), ("GROẞE", "grosse"), ("Søren Ærø", "soren-aero"),
        ("Łukasz Żółć", "lukasz-zolc"), ("Şükrü Iğdır İstanbul", "sukru-igdir-istanbul"),
        ("Nguyễn Văn Đức", "nguyen-van-duc"), ("Ștefan Țiriac", "stefan-tiriac"),
        ("Œuvre Þór Đoković", "oeuvre-thor-dokovic"), ("Ɓala Ƙofa", "bala-kofa"),
        ("Сергей Щукин", "sergei-shchukin"), ("Юлия Мыльников", "yuliya-mylnikov"),
        ("Володимир Їжак Ґ", "volodimir-yizhak-g"), ("Љубица Ђорђевић", "ljubitsa-djordjevic"),
        ("Қайрат Әлия", "kairat-aliya"), ("Γιώργος Παπαδόπουλος", "giorgos-papadopoulos"),
        ("Ψυχή Ἀθηνᾶ", "psychi-athina"), ("李 Wei", "wei"), ("🎉 Party 🎉", "party"),
        ("../../etc/passwd", "etc-passwd"), ("a\u{0}b\nc", "a-b-c"),
    ])
    func `a name becomes lower-case ASCII words`(name: String, slug: String) {
        #expect(Slug.of(name) == slug)
    }

    @Test(arguments: ["", " - ", "李小龍", "محمد", "🎉", "'", "ь"])
    func `a name of which nothing is left has no slug`(name: String) {
        #expect(Slug.of(name) == nil)
    }

    @Test
    func `a slug is no longer than its limit and ends with a letter`() throws {
        let long = try #require(Slug.of(String(repeating: "щ", count: 100)))
        let words = try #require(Slug.of(String(repeating: "abc ", count: 100)))

        #expect((Slug.maximumBytes - 3...Slug.maximumBytes).contains(long.utf8.count))
        #expect((Slug.maximumBytes - 3...Slug.maximumBytes).contains(words.utf8.count))
        #expect(!words.hasSuffix("-"))
    }

    @Test
    func `every Latin letter with a mark, of the European blocks, has a slug`() {
        let blocks: [ClosedRange<UInt32>] = [
            0xC0...0x17F, 0x1CD...0x1F5, 0x1E00...0x1E99, 0x1EA0...0x1EF9,
        ]
        let missing = blocks.flatMap { $0 }.compactMap(Unicode.Scalar.init).filter { scalar in
            scalar.properties.isAlphabetic && Slug.of(String(scalar)) == nil
        }

        #expect(missing.map(String.init) == [])
    }
}
