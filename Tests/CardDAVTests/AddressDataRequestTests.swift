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
        "<address-data content-type='text/vcard'/>", "<address-data version='4.0'/>",
        "<address-data Content-Type='text/vcard' version='4.0'/>",
        "<address-data content-type='Text/vCard; charset=utf-8' Version='3.0'/>",
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
        #expect(request.render(alice) == card("FN:Alice", "NOTE:a long\r\n  note"))
    }

    @Test func `RFC 6352 §10.4.2: a name without a group is that of any, with one of that`() throws
    {
        let any = try AddressDataRequest(
            element("<address-data><prop name='TEL'/></address-data>")
        )
        let one = try AddressDataRequest(
            element("<address-data><prop name='item1.TEL'/></address-data>")
        )

        #expect(any.render(alice) == card("item1.TEL;TYPE=cell:+1", "TEL:+2"))
        #expect(one.render(alice) == card("item1.TEL;TYPE=cell:+1"))
    }

    @Test func `RFC 6352 §10.4.2: a value is left out when it is asked so`() throws {
        let request = try AddressDataRequest(
            element("<address-data><prop name='item1.TEL' novalue='yes'/></address-data>")
        )

        #expect(request.render(alice) == card("item1.TEL;TYPE=cell:"))
    }

    @Test func `Evolution: VERSION and UID can be asked for alone`() throws {
        let request = try AddressDataRequest(
            element("<address-data><prop name='VERSION'/><prop name='UID'/></address-data>")
        )

        #expect(request.render(alice) == card("UID:1"))
    }

    @Test func `what is no card is given as it is`() throws {
        let request = try AddressDataRequest(
            element("<address-data><prop name='FN'/></address-data>")
        )

        #expect(request.render(Array("junk".utf8)) == Array("junk".utf8))
    }

    @Test(arguments: [
        "content-type='text/calendar'", "content-type='application/vcard+json'",
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
