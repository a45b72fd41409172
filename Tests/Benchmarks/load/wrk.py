"""Many connections at once: wrk sends the requests and checks every answer."""

import re
from dataclasses import dataclass
from pathlib import Path

import cards

HERE = Path(__file__).parent
RESULT = re.compile(r"RESULT good=(\d+) wrong=(\d+) broken=(\d+) microseconds=(\d+)")
# A peer may need seconds for an answer; wrk's own two count as errors.
TIMEOUT = "60s"


@dataclass(frozen=True)
class Load:
    """What wrk counted: good answers, wrong ones, broken connections, and the time."""

    good: int
    wrong: int
    broken: int
    seconds: float

    @property
    def rate(self):
        return self.good / self.seconds

    @property
    def share(self):
        """The share of requests that were answered as they should be."""
        everything = self.good + self.wrong + self.broken
        return self.good / everything if everything else 0.0


def get(server, path, length, connections, seconds, processes):
    """Gets one path as often as the time allows."""
    return run(server, path, "get.lua", [length], connections, seconds, processes)


def put(server, file, revision, limit, connections, seconds, processes):
    """Puts the cards of a file, at most `limit` of them (0: as many as the time allows)."""
    return run(server, server.book, "put.lua", [file, server.book, revision, limit], connections,
               seconds, processes)


def write_cards(path, indexes):
    """The file that put.lua reads."""
    with open(path, "w", newline="") as file:
        for index in indexes:
            file.write(f"{cards.name(index)}\0{cards.text(index, '@REVISION@')}\0")


def run(server, path, script, arguments, connections, seconds, processes):
    log = server.state / "wrk.log"
    log.unlink(missing_ok=True)
    # One thread: the second core is for the server.
    line = ["wrk", "--threads", 1, "--connections", connections, "--duration",
            f"{max(1, round(seconds))}s", "--timeout", TIMEOUT, "--script", HERE / script]
    fields = {**server.fields(), "Content-Type": "text/vcard; charset=utf-8"}
    for name, value in fields.items():
        line += ["--header", f"{name}: {value}"]
    line += [f"http://127.0.0.1:{server.port}{path}", "--", *arguments]
    process = processes.start(line, log)
    try:
        process.child.wait(seconds + 120)
    finally:
        process.stop()
    found = RESULT.search(log.read_text())
    if not found:
        raise OSError(f"wrk: {process.last_words()}")
    good, wrong, broken, microseconds = map(int, found.groups())
    return Load(good, wrong, broken, microseconds / 1e6)
