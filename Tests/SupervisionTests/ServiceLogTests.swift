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

    @Test(arguments: [("a", 4_096), ("ä", 1_025), ("\u{1F600}", 513), ("\n", 3_000)])
    func `a value that is too long for a line is cut between scalars`(
        _ scalar: String,
        _ count: Int
    ) {
        // Two bytes in front: the limit lies within a scalar of several bytes.
        let value = "xy" + String(repeating: scalar, count: count)
        let kept = (ServiceLog.maximumValueBytes - "xy…".utf8.count) / scalar.utf8.count
        let cut = "xy" + String(repeating: scalar, count: kept) + "…"

        #expect(ServiceLog.quoted(value) == ServiceLog.quoted(cut))
        #expect(!ServiceLog.quoted(value).unicodeScalars.contains("\u{FFFD}"))
    }

    @Test func `an entry of the journal has the line, and a field for each piece of metadata`() {
        let fields = ServiceLog.journalFields(
            .warning,
            "svc",
            "m",
            [("a", "b\nc"), ("request_id", "7")]
        )

        #expect(
            fields == [
                #"MESSAGE=m a="b\u{a}c" request_id=7"#, "PRIORITY=4", "SYSLOG_IDENTIFIER=svc",
                "EVERLOCK_A=b\nc", "EVERLOCK_REQUEST_ID=7",
            ]
        )
    }

    @Test(arguments: Logger.Level.allCases)
    func `the journal shows what standard error does behind level and service`(
        _ level: Logger.Level
    ) {
        let metadata: Logger.Metadata = ["b": "\u{1B}[2J\u{2028}", "a": "", "c": "x \"y\" \\"]
        let line = ServiceLog.line(level, "svc", "went\nwrong", metadata)

        let entry = ServiceLog.journalFields(
            level,
            "svc",
            "went\nwrong",
            ServiceLog.pairs(metadata)
        )

        #expect(line == "\(level.rawValue) svc: \(entry[0].dropFirst("MESSAGE=".count))")
    }

    @Test func `a field of the journal has all of a value that a line has not`() {
        let value = String(repeating: "v", count: ServiceLog.maximumValueBytes + 1)

        #expect(
            ServiceLog.journalFields(.info, "s", "m", [("k", value)]).last == "EVERLOCK_K=\(value)"
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
        #expect(ServiceLog.journalFields(.info, "s", "m", [(key, "v")]).last == field)
    }

    @Test(arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2]))
    func `each level has its priority`(_ level: Logger.Level, _ priority: Int) {
        #expect(ServiceLog.journalFields(level, "s", "m", []).contains("PRIORITY=\(priority)"))
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
