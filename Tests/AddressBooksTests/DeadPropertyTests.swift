import AddressBooks
import Testing

struct DeadPropertyTests {
    private static func property(_ name: String, _ xml: String = "<x/>") -> DeadProperty {
        DeadProperty(namespace: "urn:x", name: name, xml: xml)
    }

    @Test(arguments: [
        "<x/>", "<x a=\"it's\"/>", "<x>'''\n\\\"\"\"\t\u{7F}</x>", "<x>Zoë\r\n[[property]]</x>",
    ])
    func `a property is kept as it is, whatever is in it`(xml: String) throws {
        try withBook { store, name in
            try store.updateBook(name, by: author) { _, dead in
                try dead.set(Self.property("y", xml))
            }

            let book = try #require(store.book(name))
            #expect(book.properties.hasDeadProperties)
            #expect(book.properties.displayName == "Mine")
            #expect(store.deadProperties(of: book).all == [Self.property("y", xml)])
        }
    }

    @Test func `a change of the display name keeps the properties of others`() throws {
        try withBook { store, name in
            try store.updateBook(name, by: author) { _, dead in try dead.set(Self.property("y")) }

            try store.updateBook(name, by: author) { properties, _ in properties.displayName = "N" }

            let book = try #require(store.book(name))
            #expect(book.displayName == "N")
            #expect(store.deadProperties(of: book).all == [Self.property("y")])
        }
    }

    @Test func `one too many, or one too long, is refused and changes nothing`() throws {
        var dead = DeadProperties()
        for number in 1...DeadProperties.maximumCount { try dead.set(Self.property("p\(number)")) }
        let full = dead

        #expect(throws: AddressBookError.self) { try dead.set(Self.property("more")) }
        let long = String(repeating: "x", count: DeadProperties.maximumBytes)
        #expect(throws: AddressBookError.self) { try dead.set(Self.property("p1", long)) }
        #expect(dead == full)
        try dead.set(Self.property("p1", "<z/>"))
        #expect(dead.all.count == DeadProperties.maximumCount)
    }
}
