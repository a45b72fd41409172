-- wrk: gets one card; each answer must be 200. Prints how long answers took, in microseconds.

function done(summary, latency)
    local errors = summary.errors
    print(string.format("RESULT good=%d broken=%d microseconds=%d p50=%d p99=%d",
        summary.requests - errors.status, errors.connect + errors.read + errors.write
        + errors.timeout + errors.status, summary.duration, latency:percentile(50),
        latency:percentile(99)))
end
