-- wrk: gets one card over many connections; each answer must be 200 and of the known length.
-- Argument: the length in bytes.

local threads = {}

function setup(thread) threads[#threads + 1] = thread end

function init(arguments)
    length = tonumber(arguments[1])
    good, wrong = 0, 0
end

function response(status, _, body)
    if status == 200 and #body == length then good = good + 1 else wrong = wrong + 1 end
end

function done(summary)
    local good, wrong = 0, 0
    for _, thread in ipairs(threads) do
        good = good + thread:get("good")
        wrong = wrong + thread:get("wrong")
    end
    local errors = summary.errors
    print(string.format("RESULT good=%d wrong=%d broken=%d microseconds=%d", good, wrong,
        errors.connect + errors.read + errors.write + errors.timeout, summary.duration))
end
