"""Requests a second, CPU for each and added latency, of our gateway and of nginx, in one run."""

import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from gateway import responder
from gateway.fronts import Alone, BehindGateway, BehindNginx
from progress import say
from servers.server import ServerFailure
from table import number, table

SCRIPT = Path(__file__).parents[1] / "load/card.lua"
RESULT = re.compile(
    r"RESULT good=(\d+) broken=(\d+) microseconds=(\d+) p50=(\d+) p99=(\d+)")

NOTES = """\
A card of 500 bytes, the same headers from all, over connections that stay open. Behind both gateways
stands the same small program (`Tests/Benchmarks/gateway/responder.c`) on a Unix socket, which speaks
HTTP to nginx, over connections that it keeps, and frames to ours. nginx has a worker, ours an event
loop for each processor; wrk takes one thread of the same processors. Ours checks a yescrypt hash once
and remembers that it was right; nginx works the hash out for each request, so that `{PLAIN}` is the
fastest there is and `{SHA}` the next; apr1 is what `openssl passwd -apr1` and `htpasswd` write.
*Added* is the median and the 99th percentile of a request beyond what the responder takes by
itself, over one connection. A number is the median over the rounds, in each of which all are asked in
turn."""


@dataclass(frozen=True)
class Measured:
    rate: float
    cpu: float
    behind: float
    p50: float
    p99: float
    p99_of_many: float


def fronts(everlock, program, processes):
    ours = everlock.programs
    return [
        Alone(processes, program, "alone", "the responder by itself"),
        BehindNginx(processes, program, "nginx", "nginx, no authentication"),
        BehindNginx(processes, program, "nginx-plain", "nginx, auth_basic, {PLAIN}", "plain"),
        BehindNginx(processes, program, "nginx-sha1", "nginx, auth_basic, {SHA}", "sha1"),
        BehindNginx(processes, program, "nginx-apr1", "nginx, auth_basic, apr1", "apr1"),
        BehindNginx(processes, program, "nginx-log", "nginx, auth_basic, {SHA}, access log",
                    "sha1", has_log=True),
        BehindGateway(processes, program, "gateway", "frontend-http", ours),
        BehindGateway(processes, program, "gateway-metrics", "frontend-http, metrics", ours,
                      metrics=True),
        BehindGateway(processes, program, "gateway-log", "frontend-http, metrics, request log",
                      ours, log="info", metrics=True),
    ]


def run(everlock, scale, folder, about):
    """Measures all in turn, as many rounds as there are runs, and returns the report."""
    processes = everlock.processes
    program = responder.build(folder)
    all_fronts = fronts(everlock, program, processes)
    found = {front.name: [] for front in all_fronts}
    for round_number in range(scale.runs):
        say(f"Round {round_number + 1} of {scale.runs}")
        for front in all_fronts:
            state = folder / f"{front.name}-{round_number}"
            state.mkdir()
            front.use(state)
            front.start()
            try:
                found[front.name].append(measure(front, scale, processes))
            finally:
                front.stop()
            say(f"  {front.title}: {found[front.name][-1].rate:,.0f}/s")
    facts = [*about, f"Everlock {everlock.version()}, rounds: {scale.runs}"]
    return "\n\n".join([
        "## The gateway beside nginx", "\n".join(f"- {fact}" for fact in facts), NOTES,
        table(["", f"{scale.connections} connections", "CPU µs", "behind it, CPU µs",
               "added p50", "added p99", f"p99 of {scale.connections}"],
              lines(all_fronts, found)),
    ])


def measure(front, scale, processes):
    """Over many connections, then over one, after a second that does not count."""
    load(front, scale.connections, 1, processes)
    before = front.cpu_seconds()
    many = load(front, scale.connections, scale.load_seconds, processes)
    used = {role: seconds - before[role] for role, seconds in front.cpu_seconds().items()}
    one = load(front, 1, max(1, scale.load_seconds // 2), processes)
    return Measured(
        rate=many["good"] / many["microseconds"] * 1e6,
        cpu=used.get("gateway", 0) / many["good"] * 1e6,
        behind=used["responder"] / many["good"] * 1e6,
        p50=one["p50"], p99=one["p99"], p99_of_many=many["p99"],
    )


def load(front, connections, seconds, processes):
    log = front.state / "wrk.log"
    log.unlink(missing_ok=True)
    line = ["wrk", "--threads", 1, "--connections", connections, "--duration", f"{seconds}s",
            "--timeout", "10s", "--script", SCRIPT]
    for name, value in front.fields().items():
        line += ["--header", f"{name}: {value}"]
    line.append(f"http://127.0.0.1:{front.port}{front.path_of_card}")
    process = processes.start(line, log)
    try:
        process.child.wait(seconds + 60)
    finally:
        process.stop()
    found = RESULT.search(log.read_text())
    if not found:
        raise ServerFailure(f"wrk: {process.last_words()}")
    names = ("good", "broken", "microseconds", "p50", "p99")
    result = dict(zip(names, map(int, found.groups())))
    if result["broken"] or not result["good"]:
        raise ServerFailure(f"{front.title}: {result['broken']} answers are wrong")
    return result


def lines(all_fronts, found):
    def middle(name, part):
        return median(getattr(measured, part) for measured in found[name])

    rows = []
    for front in all_fronts:
        name = front.name
        added = [f"{middle(name, part) - middle('alone', part):.0f} µs" for part in ("p50", "p99")]
        rows.append([
            front.title, f"{number(middle(name, 'rate'))}/s", number(middle(name, "cpu")),
            number(middle(name, "behind")), *added, f"{middle(name, 'p99_of_many'):.0f} µs",
        ])
    return rows
