-- wrk: puts cards over many connections, one card after the other, round and round.
-- Arguments: a file of cards, the address of the book, the first revision, how many to put at the
-- most (0: as many as the time allows). The file holds name and text in turn, each ended by a zero
-- byte; in the text @REVISION@ stands for the revision.

local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int, int);")
local interrupt = 2
local threads = {}

function setup(thread) threads[#threads + 1] = thread end

function init(arguments)
    book, revision, limit = arguments[2], tonumber(arguments[3]), tonumber(arguments[4])
    names, texts = {}, {}
    for name, text in io.open(arguments[1], "rb"):read("*a"):gmatch("(%Z+)%z(%Z+)%z") do
        names[#names + 1], texts[#texts + 1] = book .. name, text
    end
    good, wrong = 0, 0
    -- wrk makes one request to look at it, which it does not send.
    sent = -1
end

function request()
    if limit > 0 and sent >= limit then
        -- The last answers are still on their way; wrk must send something meanwhile.
        return wrk.format("GET", names[1])
    end
    local number = math.max(sent, 0)
    local position = number % #names + 1
    local text = texts[position]:gsub("@REVISION@", revision + math.floor(number / #names))
    sent = sent + 1
    return wrk.format("PUT", names[position], nil, text)
end

function response(status)
    if status == 201 or status == 204 then
        good = good + 1
        -- Ends wrk before its time is up; it then reports as always.
        if good == limit then ffi.C.kill(ffi.C.getpid(), interrupt) end
    elseif not (limit > 0 and sent >= limit and status == 200) then
        wrong = wrong + 1
    end
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
