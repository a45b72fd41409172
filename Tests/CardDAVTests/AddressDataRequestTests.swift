import CardDAV
import Testing
import WebDAV

/// RFC 6352 §10.4.
struct AddressDataRequestTests {
    private let alice = card(
        "UID:1",
        "FN:Alice",
        "item1.TEL;TYPE=cell:+1",
        "TEL:+2",
        "NOTE:a long\r\n  note",
        "X-OWN:1"
    )

    @Test(arguments: [
        "<address-data/>", "<address-data><allprop/></address-data>",
        "<address-data><D:allprop/></address-data>",
        "<address-data><allprop/><prop name='FN'/></address-data>",
        "<address-data content-type='text/vcard'/>",
        "<address-data Content-Type='Text/vCard; charset=utf-8'/>",
        "<address-data><unknown/></address-data>",
    ])
    func `RFC 6352 §10.4: without prop elements a card is given byte for byte`(
        text: String
    ) throws {
        let request = try AddressDataRequest(element(text))

        #expect(request.isWhole)
        #expect(request.render(alice) == alice)
    }

    @Test func `RFC 6352 §10.4.2: the properties named are given, each as it came`() throws {
        let request = try AddressDataRequest(
            element("<address-data><prop name='fn'/><prop name='NOTE'/></address-data>")
        )

        #expect(!request.isWhole)
        #expect(request.render(alice) == card("UID:1", "FN:Alice", "NOTE:a long\r\n  note"))
    }

    @Test func `RFC 6352 §10.4.2: a name without a group is that of any, with one of that`() throws
    {
        let any = try AddressDataRequest(
            element("<address-data><prop name='TEL'/></address-data>")
        )
        let one = try AddressDataRequest(
            element("<address-data><prop name='item1.TEL'/></address-data>")
        )

        #expect(any.render(alice) == card("UID:1", "FN:Alice", "item1.TEL;TYPE=cell:+1", "TEL:+2"))
        #expect(one.render(alice) == card("UID:1", "FN:Alice", "item1.TEL;TYPE=cell:+1"))
    }

    @Test func `RFC 6352 §10.4.2: a value is left out when it is asked so`() throws {
        let request = try AddressDataRequest(
            element("<address-data><prop name='item1.TEL' novalue='yes'/></address-data>")
        )

        #expect(request.render(alice) == card("UID:1", "FN:Alice", "item1.TEL;TYPE=cell:"))
    }

    @Test func `Evolution: a card is little more when VERSION and UID are asked for alone`() throws
    {
        let request = try AddressDataRequest(
            element("<address-data><prop name='VERSION'/><prop name='UID'/></address-data>")
        )

        #expect(request.render(alice) == card("UID:1", "FN:Alice"))
    }

    @Test func `what is no card is given as it is`() throws {
        let request = try AddressDataRequest(
            element("<address-data><prop name='FN'/></address-data>")
        )

        #expect(request.render(Array("junk".utf8)) == Array("junk".utf8))
    }

    @Test(arguments: [
        ("<address-data version='4.0'/>", "text/vcard", "4.0"),
        ("<address-data Content-Type='text/vcard' Version='4.0'/>", "text/vcard", "4.0"),
        ("<address-data content-type='Text/vCard; version=\"3.0\"'/>", "text/vcard", "3.0"),
        ("<address-data content-type='application/vcard+json'/>", "application/vcard+json", "4.0"),
    ])
    func `RFC 6352 §10.4: the version named is the one given`(
        text: String,
        type: String,
        version: String
    ) throws {
        let request = try AddressDataRequest(element(text.replacing("\"", with: "&quot;")))

        #expect(!request.isWhole)
        #expect(request.contentType?.type == type)
        #expect(request.contentType?.version == version)
        #expect(request.render(alice) != nil)
        #expect(request.render(Array("junk".utf8)) == nil)
    }

    @Test func `RFC 6352 §10.4.2: properties are named as the version asked for has them`() throws {
        let request = try AddressDataRequest(
            element("<address-data version='4.0'><prop name='ANNIVERSARY'/></address-data>")
        )
        let kept = card("UID:1", "FN:x", "X-ANNIVERSARY:2009-08-08", "NOTE:n")

        let given = String(decoding: request.render(kept) ?? [], as: UTF8.self)

        #expect(
            given == "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\nFN:x\r\nANNIVERSARY:20090808\r\n"
                + "END:VCARD\r\n"
        )
    }

    @Test(arguments: [
        "content-type='text/calendar'", "content-type='application/vcard+json' version='3.0'",
        "content-type='application/vcard+xml'", "content-type='text/vcard; version=2.1'",
        "content-type='text/vcard2'", "version='2.1'", "version='5.0'", "version=''",
        "content-type='text/x-vcard' version='3.0'",
    ])
    func `RFC 6352 §8.6: another type or version is supported-address-data`(
        attributes: String
    ) throws {
        let element = try element("<address-data \(attributes)/>")
        let refusal = refusal { try AddressDataRequest(element) }

        #expect(refusal?.status == 403)
        #expect(refusal?.condition == .carddav("supported-address-data"))
    }

    @Test func `a request names at most 256 properties`() throws {
        let most = String(repeating: "<prop name='FN'/>", count: 256)
        let excess = try element("<address-data>\(most)<prop name='FN'/></address-data>")

        _ = try AddressDataRequest(element("<address-data>\(most)</address-data>"))
        #expect(refusal { try AddressDataRequest(excess) }?.status == 400)
    }
}
