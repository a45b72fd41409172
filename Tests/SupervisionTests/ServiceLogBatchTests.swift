import Logging
import Testing

@testable import Supervision

struct ServiceLogBatchTests {
    @Test func `many lines have the form that each would have by itself`() {
        let records: [[(name: String, value: String)]] = [
            [("a", "1"), ("path", "/dav/"), ("user", "with space")],
            [("b", ""), ("c", "two\nlines \"quoted\" \\ ä")],
        ]
        let bytes = ServiceLog.text("request", .info, service: "frontend-http", records)

        let lines = records.map { record in
            ServiceLog.line(
                .info,
                "frontend-http",
                "request",
                Logger.Metadata(
                    uniqueKeysWithValues: record.map {
                        ($0.name, Logger.MetadataValue.string($0.value))
                    }
                )
            ) + "\n"
        }
        #expect(String(decoding: bytes, as: UTF8.self) == lines.joined())
    }
}
