import NIOHTTP1
import Testing

@testable import FrontendHTTP

/// The text format by itself.
struct MetricsTextTests {
    @Test func `a family has its help and its type before its samples`() {
        var text = MetricsText()
        text.family("requests_total", .counter, "All requests.")
        text.sample(3, [("method", "GET"), ("status", "200")])
        text.sample(1.5)

        #expect(
            text.text == """
                # HELP requests_total All requests.
                # TYPE requests_total counter
                requests_total{method="GET",status="200"} 3
                requests_total 1.5

                """
        )
    }

    @Test func `what would end a label, a line or a help text early is escaped`() {
        var text = MetricsText()
        text.family("a", .gauge, "back\\slash \"quoted\"\nline")
        text.sample(1, [("name", "back\\slash \"quoted\"\nline")])

        #expect(
            text.text == #"""
                # HELP a back\\slash "quoted"\nline
                # TYPE a gauge
                a{name="back\\slash \"quoted\"\nline"} 1

                """#
        )
    }

    @Test func `a histogram's buckets count what the smaller ones do`() {
        var histogram = Histogram()
        for microseconds in [-5, 100, 101, 250, 60_000_000, 60_000_001] {
            histogram.record(microseconds: microseconds)
        }
        var text = MetricsText()
        text.family("h", .histogram, "H.")
        text.sample(histogram, [("backend", "a")])
        let lines = text.text.split(separator: "\n").map(String.init)

        #expect(lines.contains(#"h_bucket{backend="a",le="0.0001"} 2"#))
        #expect(lines.contains(#"h_bucket{backend="a",le="0.00025"} 4"#))
        #expect(lines.contains(#"h_bucket{backend="a",le="60"} 5"#))
        #expect(lines.contains(#"h_bucket{backend="a",le="+Inf"} 6"#))
        #expect(lines.contains(#"h_count{backend="a"} 6"#))
        #expect(lines.contains(#"h_sum{backend="a"} 120.000452"#))
    }

    @Test func `the bounds' texts are the bounds`() {
        #expect(Histogram.bounds == Histogram.bounds.sorted())
        #expect(
            Histogram.boundTexts.compactMap { Double($0).map { Int(($0 * 1_000_000).rounded()) } }
                == Histogram.bounds
        )
    }

    @Test func `methods and statuses have few labels, whatever is sent`() {
        #expect(MethodLabel(.RAW(value: "BREW")) == .other)
        #expect(MethodLabel(.PROPFIND).rawValue == "PROPFIND")
        #expect(StatusLabel(0).text == "none")
        #expect(StatusLabel(207).text == "207")
        #expect(StatusLabel(299).text == "2xx")
        #expect(StatusLabel(599).text == "5xx")
        #expect(Set((0...999).map { StatusLabel($0).text }).count < 42)
    }
}
