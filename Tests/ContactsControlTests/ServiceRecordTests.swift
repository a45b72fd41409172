import Testing

@testable import ContactsControl

struct ServiceRecordTests {
    @Test func `RFC 6764 §3, §4: a domain leads to its host, and to no service that is not there`()
    {
        let records = ServiceRecords.all(
            at: "example.com",
            leadingTo: "contacts.example.com",
            .init(secure: 443, plain: nil),
            ttl: 60
        )

        #expect(
            records.map(\.text) == [
                "_carddavs._tcp.example.com.\t60\tIN\tSRV\t0 1 443 contacts.example.com.",
                "_carddavs._tcp.example.com.\t60\tIN\tTXT\t\"path=/dav/\"",
                "_carddav._tcp.example.com.\t60\tIN\tSRV\t0 0 0 .",
            ]
        )
    }

    @Test func `RFC 6764 §6: who has the choice takes TLS`() {
        let records = ServiceRecords.all(
            at: "a.example",
            leadingTo: "a.example",
            .init(secure: 8_443, plain: 8_080),
            ttl: 60
        )

        #expect(
            records.filter { $0.type == "SRV" }.map(\.data)
                == ["0 1 8443 a.example.", "10 1 8080 a.example."]
        )
    }

    @Test(arguments: [
        "*", "127.0.0.1", "[::1]", "a..b", "", "a b", String(repeating: "a", count: 64),
    ])
    func `what is no name gets no record`(host: String) {
        #expect(ServiceRecords.name(host) == nil)
    }
}
