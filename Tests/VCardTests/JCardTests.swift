import Foundation
import Testing
import VCard

struct JCardTests {
    /// The properties of a card as jCard, but for the version.
    private func properties(_ lines: String, version: String = "4.0") throws -> [[Any]] {
        let card = try Card(parsing: cardBytes(lines, version: version))
        let json = try JSONSerialization.jsonObject(with: Data(card.rendered(as: .jCard)))
        let object = try #require(json as? [Any])
        #expect(object.count == 2 && object[0] as? String == "vcard")
        let properties = try #require(object[1] as? [[Any]])
        #expect(properties.first as NSArray? == ["version", [:] as NSDictionary, "text", "4.0"])
        return Array(properties.dropFirst())
    }

    @Test(arguments: [
        ("FN:J\\, \"q\" \\\\ ü", #"["fn",{},"text","J, \"q\" \\ ü"]"#),
        ("NOTE:a\\nb\tc", #"["note",{},"text","a\nb\tc"]"#),
        ("CONTACT.FN:x", #"["fn",{"group":"contact"},"text","x"]"#),
        ("CATEGORIES:a,b\\,c", #"["categories",{},"text","a","b,c"]"#),
        ("GENDER:M", #"["gender",{},"text","M"]"#),
        ("GENDER:F;grrrl", #"["gender",{},"text",["F","grrrl"]]"#),
        (
            "ADR:;;My Street,Left Side;Town;;1;",
            #"["adr",{},"text",["","",["My Street","Left Side"],"Town","","1",""]]"#
        ),
        (
            "N;SORT-AS=Harten,Rene:van der Harten;Rene",
            #"["n",{"sort-as":["Harten","Rene"]},"text",["van der Harten","Rene"]]"#
        ),
        (
            "TEL;VALUE=uri;TYPE=\"voice,home\";PREF=1:tel:+1",
            #"["tel",{"type":["voice","home"],"pref":"1"},"uri","tel:+1"]"#
        ),
        ("BDAY:19850412", #"["bday",{},"date-and-or-time","1985-04-12"]"#),
        ("BDAY:--0412", #"["bday",{},"date-and-or-time","--04-12"]"#),
        ("BDAY:T1022", #"["bday",{},"date-and-or-time","T10:22"]"#),
        (
            "ANNIVERSARY;VALUE=date-time:20130110T190000+0400",
            #"["anniversary",{},"date-time","2013-01-10T19:00:00+04:00"]"#
        ),
        ("X-T;VALUE=time:-2050", #"["x-t",{},"time","-20:50"]"#),
        ("REV:19951031T222710Z", #"["rev",{},"timestamp","1995-10-31T22:27:10Z"]"#),
        ("TZ;VALUE=utc-offset:-0500", #"["tz",{},"utc-offset","-05:00"]"#),
        ("LANG:de", #"["lang",{},"language-tag","de"]"#),
        ("UID:1", #"["uid",{},"text","1"]"#),
        ("UID:urn:uuid:1", #"["uid",{},"uri","urn:uuid:1"]"#),
        ("X-COFFEE:A;B\\,C", #"["x-coffee",{},"unknown","A;B\\,C"]"#),
        ("X-N;VALUE=integer:95", #"["x-n",{},"integer",95]"#),
        ("X-N;VALUE=integer:09", #"["x-n",{},"integer","09"]"#),
        ("X-N;VALUE=float:-1.5", #"["x-n",{},"float",-1.5]"#),
        ("X-B;VALUE=boolean:TRUE", #"["x-b",{},"boolean",true]"#),
    ])
    func `RFC 7095 §3: a property is an array of name, parameters, type and values`(
        line: String,
        json: String
    ) throws {
        let expected = try JSONSerialization.jsonObject(with: Data(json.utf8))

        let told = try properties("UID:x\r\n\(line)").dropFirst()

        #expect(Array(told) as NSArray == [expected] as NSArray)
    }

    @Test func `RFC 7095 §3: a card of 3_0 is told as one of 4_0`() throws {
        let told = try properties("TEL;TYPE=CELL,PREF:1\r\nGEO:1;2", version: "3.0")

        #expect(
            told as NSArray == [
                ["tel", ["type": "CELL", "pref": "1"], "text", "1"],
                ["geo", [:] as NSDictionary, "uri", "geo:1,2"],
            ]
        )
    }

    @Test func `RFC 6352 §10.4.2: a part of a card can be told as jCard`() throws {
        let card = try Card(parsing: cardBytes("FN:x", "UID:1", "TEL:1", "NOTE:n", version: "4.0"))

        let json = try card.rendered(
            as: .jCard,
            selecting: [PropertySelection(name: "tel", withoutValue: true)]
        )

        #expect(
            String(decoding: json, as: UTF8.self) == """
                ["vcard",[["version",{},"text","4.0"],["fn",{},"text","x"],\
                ["uid",{},"text","1"],["tel",{},"text",""]]]
                """
        )
    }
}
