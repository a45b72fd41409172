import Testing

@testable import ContactsControl

struct InstanceStateTests {
    @Test func `whoever holds a store's lock is found in the kernel's table`() {
        let locks = """
            1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF
            2: -> FLOCK  ADVISORY  WRITE 9 08:01:77 0 EOF
            3: POSIX  ADVISORY  WRITE 8 08:01:78 0 EOF
            4: FLOCK  ADVISORY  READ 7 08:01:79 0 EOF
            """

        #expect(StoreHolder.process(holding: 5_678, in: locks) == 1_234)
        for inode: UInt64 in [77, 78, 79, 80] {
            #expect(StoreHolder.process(holding: inode, in: locks) == nil)
        }
    }

    @Test func `a socket that somebody listens on is found, one that is connected is not`() {
        let table = """
            Num       RefCount Protocol Flags    Type St Inode Path
            0000000000000000: 00000002 00000000 00010000 0001 01 22 /run/everlock contacts/a.sock
            0000000000000000: 00000003 00000000 00000000 0001 03 23 /run/b.sock
            0000000000000000: 00000003 00000000 00000000 0001 03 24
            """

        #expect(ListeningSockets.contains("/run/everlock contacts/a.sock", in: table))
        #expect(!ListeningSockets.contains("/run/b.sock", in: table))
        #expect(!ListeningSockets.contains("/run/c.sock", in: table))
    }

    @Test func `a backend's report is read, and what is no report is refused`() throws {
        let report = try BackendReport(
            "{\"instance\":\"a\",\"cards\":3,\"lastCommit\":null,\"version\":\"1.0\",\"new\":[1]}"
        )

        #expect(report.number("cards") == 3)
        #expect(report.number("books") == nil)
        #expect(report.text("version") == "1.0")
        #expect(report.text("lastCommit") == nil)
        #expect(throws: CommandFailure.self) { try BackendReport("{\"cards\":\"many\"}") }
    }
}
