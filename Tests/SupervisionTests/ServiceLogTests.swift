import Glibc
import Logging
import Testing

@testable import Supervision

struct ServiceLogTests {
    @Test func `a line has level, service, message and sorted metadata`() {
        let line = ServiceLog.line(.notice, "svc", "started", ["b": "2", "a": "one two", "c": ""])

        #expect(line == #"notice svc: started a="one two" b=2 c="""#)
    }

    @Test(arguments: ["a\nb", "a\r\nerror svc: forged", "\u{1B}[2J", "a\u{2028}b", "\u{85}", "\""])
    func `whatever a value holds, a line stays one line`(_ value: String) {
        let line = ServiceLog.line(.info, "svc", "m", ["k": "\(value)"])

        #expect(!line.contains { $0.isNewline })
        #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(line.hasPrefix("info svc: m k=\""))
    }

    @Test func `what is quoted can be read back`() {
        #expect(
            ServiceLog.line(.info, "s", "m", ["k": "a \\ \"b\"\n"])
                == #"info s: m k="a \\ \"b\"\u{a}""#
        )
    }

    @Test(arguments: ["a\nb", "a\u{2028}b", "a\u{1B}b"])
    func `a message stays one line`(_ message: String) {
        #expect(ServiceLog.line(.info, "svc", message, [:]) == "info svc: a b")
    }

    @Test func `an entry of the journal has a field for each piece of metadata`() {
        let fields = ServiceLog.journalFields(
            .warning,
            "svc",
            "m",
            ["request_id": "7", "a": "b\nc"]
        )

        #expect(
            fields == [
                "MESSAGE=m", "PRIORITY=4", "SYSLOG_IDENTIFIER=svc", "EVERLOCK_A=b\nc",
                "EVERLOCK_REQUEST_ID=7",
            ]
        )
    }

    @Test(arguments: [
        ("client-address", "EVERLOCK_CLIENT_ADDRESS=v"), ("a=b", "EVERLOCK_A_B=v"),
        ("ä", "EVERLOCK___=v"), ("", "EVERLOCK_=v"),
        (String(repeating: "k", count: 99), "EVERLOCK_\(String(repeating: "K", count: 55))=v"),
    ])
    func `a key that the journal would drop is spelled so that it does not`(
        _ key: String,
        _ field: String
    ) {
        #expect(ServiceLog.journalFields(.info, "s", "m", [key: "v"]).last == field)
    }

    @Test(arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2]))
    func `each level has its priority`(_ level: Logger.Level, _ priority: Int) {
        #expect(ServiceLog.journalFields(level, "s", "m", [:]).contains("PRIORITY=\(priority)"))
    }

    @Test func `a descriptor is the journal's only if the variable names it`() {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        fstat(descriptor, &status)
        let own = "\(status.st_dev):\(status.st_ino)"

        #expect(ServiceLog.isJournalStream(own, descriptor: descriptor))
        #expect(!ServiceLog.isJournalStream("1\(own)", descriptor: descriptor))
        #expect(!ServiceLog.isJournalStream("", descriptor: descriptor))
        #expect(!ServiceLog.isJournalStream(nil, descriptor: descriptor))
        #expect(!ServiceLog.isJournalStream(own, descriptor: -1))
    }
}
