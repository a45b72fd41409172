import Framing

/// `/metrics`: all of a reading as metrics.
///
/// Labels are bounded: methods and statuses by ``MethodLabel`` and ``StatusLabel``, instances by the
/// settings. No user, path or address is told.
enum MetricsPage {
    private static let prefix = "everlock_gateway"

    /// The page.
    static func text(_ reading: GatewayReading) -> String {
        var text = MetricsText()
        let meter = reading.meter
        write(requests: meter, to: &text)
        write(hop: meter, to: &text)
        write(pools: reading.pools, to: &text)
        write(meter, reading, to: &text)
        write(reading.process, to: &text)
        return text.text
    }

    private static func write(requests meter: MeterReading, to text: inout MetricsText) {
        text.family("\(prefix)_requests_total", .counter, "Requests that came to their end.")
        for (instance, reading) in sorted(meter.instances) {
            let rows = reading.requests.map { (key: $0.key, count: $0.value) }
                .sorted {
                    ($0.key.method.rawValue, $0.key.status.text)
                        < ($1.key.method.rawValue, $1.key.status.text)
                }
            for row in rows {
                text.sample(
                    row.count,
                    [
                        ("backend", instance), ("method", row.key.method.rawValue),
                        ("status", row.key.status.text),
                    ]
                )
            }
        }
        text.family(
            "\(prefix)_request_duration_seconds",
            .histogram,
            "Time from a request's head to the end of its answer."
        )
        for method in MethodLabel.allCases {
            guard let histogram = meter.durations[method] else { continue }
            text.sample(histogram, [("method", method.rawValue)])
        }
        text.family(
            "\(prefix)_authentications_total",
            .counter,
            "Requests by what became of their credentials."
        )
        for outcome in AuthenticationOutcome.allCases where outcome != .none {
            text.sample(meter.authentications[outcome] ?? 0, [("outcome", outcome.rawValue)])
        }
    }

    private static func write(hop meter: MeterReading, to text: inout MetricsText) {
        let instances = sorted(meter.instances).filter { !$0.0.isEmpty }
        text.family(
            "\(prefix)_hop_duration_seconds",
            .histogram,
            "Time until a backend began its answer, waiting for a connection included."
        )
        for (instance, reading) in instances { text.sample(reading.hop, [("backend", instance)]) }
        text.family("\(prefix)_hop_troubles_total", .counter, "What went wrong with a backend.")
        for (instance, reading) in instances {
            for trouble in HopTrouble.allCases {
                text.sample(
                    reading.troubles[trouble] ?? 0,
                    [("backend", instance), ("trouble", trouble.rawValue)]
                )
            }
        }
        text.family("\(prefix)_hop_retries_total", .counter, "Requests sent to a backend again.")
        for (instance, reading) in instances {
            text.sample(reading.retries, [("backend", instance)])
        }
    }

    private static func write(pools: [String: PoolReading], to text: inout MetricsText) {
        let pools = sorted(pools)
        text.family(
            "\(prefix)_backend_connections",
            .gauge,
            "Connections to a backend, by what they do."
        )
        for (instance, pool) in pools {
            for (state, count) in [
                ("busy", pool.busy), ("connecting", pool.connecting), ("idle", pool.idle),
            ] {
                text.sample(count, [("backend", instance), ("state", state)])
            }
        }
        text.family(
            "\(prefix)_backend_waiting_requests",
            .gauge,
            "Requests that wait for a connection to a backend."
        )
        for (instance, pool) in pools { text.sample(pool.waiting, [("backend", instance)]) }
        text.family(
            "\(prefix)_backend_waiting_bytes",
            .gauge,
            "What the requests that wait for a backend hold."
        )
        for (instance, pool) in pools { text.sample(pool.waitingBytes, [("backend", instance)]) }
        text.family(
            "\(prefix)_backend_up",
            .gauge,
            "1 where a backend was reached when last needed, 0 where not; none before it is."
        )
        for (instance, pool) in pools where pool.health != .unknown {
            text.sample(pool.health.isDown ? 0 : 1, [("backend", instance)])
        }
    }

    private static func write(
        _ meter: MeterReading,
        _ reading: GatewayReading,
        to text: inout MetricsText
    ) {
        text.family("\(prefix)_connections_total", .counter, "Connections that clients made.")
        text.sample(meter.acceptedConnections)
        text.family("\(prefix)_open_connections", .gauge, "Connections of clients that are open.")
        text.sample(meter.openConnections)
        text.family("\(prefix)_received_bytes_total", .counter, "Bytes of requests' bodies.")
        text.sample(meter.receivedBytes)
        text.family("\(prefix)_sent_bytes_total", .counter, "Bytes of answers' bodies.")
        text.sample(meter.sentBytes)
        text.family(
            "\(prefix)_log_lines_lost_total",
            .counter,
            "Lines of requests that the log was too slow to take."
        )
        text.sample(reading.lostLogLines)
        text.family(
            "\(prefix)_settings_good",
            .gauge,
            "1 where the settings could be read the last time; 0 where the old ones are in force."
        )
        text.sample(reading.areSettingsGood ? 1 : 0)
        text.family("\(prefix)_event_loops", .gauge, "Event loops, by whether they turn.")
        text.sample(reading.loops.count, [("state", "turning")])
        text.sample(reading.stuckLoops, [("state", "stuck")])
        text.family("\(prefix)_build_info", .gauge, "What this gateway is; always 1.")
        text.sample(
            1,
            [("frames", String(Hello.current.version)), ("swift", GatewayBuild.swiftVersion)]
        )
    }

    private static func write(_ process: ProcessReading, to text: inout MetricsText) {
        text.family("process_cpu_seconds_total", .counter, "CPU time, in seconds.")
        text.sample(process.cpuSeconds)
        text.family("process_resident_memory_bytes", .gauge, "Resident memory, in bytes.")
        text.sample(process.residentBytes)
        text.family("process_virtual_memory_bytes", .gauge, "Virtual memory, in bytes.")
        text.sample(process.virtualBytes)
        text.family("process_open_fds", .gauge, "Open file descriptors.")
        text.sample(process.openDescriptors)
        text.family("process_max_fds", .gauge, "The most file descriptors.")
        text.sample(process.maximumDescriptors)
        text.family("process_start_time_seconds", .gauge, "Start, in seconds since 1970.")
        text.sample(process.startSeconds)
    }

    private static func sorted<Value>(_ values: [String: Value]) -> [(String, Value)] {
        values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// What this build was made with.
enum GatewayBuild {
    #if compiler(>=6.4)
        static let swiftVersion = "6.4 or newer"
    #elseif compiler(>=6.3)
        static let swiftVersion = "6.3"
    #else
        static let swiftVersion = "6.2"
    #endif
}
