"""The report: what was measured where, the tables, and how far from the best and from the floor."""

import subprocess

import machine
from readings import middle
from rows import FIRST
from table import amount, cell, cpu, number, table

# The order in which people ask; that of the measurements is another.
ORDER = (
    "put", "put-16", "sync-nothing", "sync-change", "sync-old", "listing", "multiget", "get",
    "get-16", "query-first", "query", "import-put", "import-put-16", "contactsctl", "cold-start",
    "put-bytes", "put-16-bytes", "edits", "flushes", "memory-server", "memory-gateway",
)

NOTES = """\
A number is the median over the runs, of the median in each run. Each row is asked of one server
after the other within a run, whose order turns from run to run. CPU is that of the server's
processes, in milliseconds for each request or card, ours as gateway + backend; time and CPU of
the client do not count in it. [n]: the row was cut short after its time and is from n requests (in
the row with the old token: n commits). Xandikos asks for no password, as it takes none over plain
HTTP; the two others check one with each request. Radicale closes the connection after each answer,
so that a new one is part of its time; it keeps no history, and an update that fits into the blocks
a card had takes none."""

DISK = """\
Allocated blocks, and in brackets the files' lengths. Flushes are the calls that strace saw; a write
that flushes by itself (`O_DSYNC`) is none of them."""

FLOORS = """\
The floor of a row that reads is nginx sending the same bytes as a file; of a PUT over one
connection one flush and one round trip; of PUTs over 16 connections 16 for each shared flush, or
what nginx serves if that is less; of `contactsctl import` the cards' bytes at a journal's rate; of
bytes the card packed by zlib (keeping only differences can go below it); of a cold start the start
of a program that does nothing and nginx sending the listing."""


def write(bench, groups, about):
    """The whole report as Markdown."""
    names = {row.name for group in groups for row in group.rows}
    rows = {row.name: row for group in groups for row in group.rows}
    chosen = [rows[name] for name in ORDER if name in names]
    found = {name: {server: middle(readings) for server, readings in by_server.items()}
             for name, by_server in bench.readings.items()}
    timed = [row for row in chosen if row.unit in ("ms", "/s")]
    stored = [row for row in chosen if row.unit in ("bytes", "flushes")]
    held = [row for row in chosen if row.unit == "MB"]
    parts = [head(bench, about)]
    if timed:
        parts += ["### Time and CPU", NOTES, times(bench, timed, found)]
    if stored:
        parts += ["### What a write takes on the disk", DISK,
                  plain(bench, stored, found, with_floor=True)]
    if held:
        parts += ["### Memory after all of it", "Resident, and in brackets the proportional share.",
                  plain(bench, held, found)]
    parts += ["### How far from the best of the others, and from the floor", FLOORS,
              ratios(bench, timed + stored, found),
              "### What the machine can do at the most", machine_limits(bench, found)]
    return "\n\n".join(parts)


def head(bench, about):
    scale = bench.scale
    versions = ", ".join(f"{server.title} {server.version()}"
                         for server in (*bench.servers, bench.nginx))
    swift = first_line(["swift", "--version"])
    lines = [*about, f"Load at the end: {machine.load()}", f"Versions: {versions}; {swift}",
             f"{scale.cards:,} cards, runs: {scale.runs}, at most {scale.cap:g} s a row and run"]
    return "## Benchmark\n\n" + "\n".join(f"- {line}" for line in lines)


def first_line(command):
    try:
        said = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return "Swift unknown"
    return (said.stdout.strip().splitlines() or ["Swift unknown"])[0]


def title(bench, row):
    """The row's title with this run's counts in it."""
    counts = {name: f"{value:,}" for name, value in vars(bench.scale).items()}
    return row.title.format(**counts)


def times(bench, rows, found):
    top = [""]
    for server in bench.servers:
        top += [server.title, "CPU ms"]
    lines = []
    for row in rows:
        line = [title(bench, row)]
        for server in bench.servers:
            reading = found[row.name].get(server.name)
            line += [cell(reading, row.unit), cpu(reading)]
        lines.append([*line, cell(found[row.name].get("floor"), row.unit)])
    return table([*top, "Floor"], lines)


def plain(bench, rows, found, with_floor=False):
    columns = [(server.title, server.name) for server in bench.servers]
    if with_floor:
        columns.append(("Floor", "floor"))
    lines = [[title(bench, row)]
             + [cell(found[row.name].get(name), row.unit) for _, name in columns]
             for row in rows]
    return table(["", *(column for column, _ in columns)], lines)


def ratios(bench, rows, found):
    lines = []
    for row in rows:
        ours = found[row.name].get("everlock")
        if not ours or ours.failure:
            lines.append([title(bench, row), cell(ours, row.unit), "–", "–", "–"])
            continue
        best = best_peer(bench, row, found)
        floor = found[row.name].get("floor")
        lines.append([
            title(bench, row), amount(ours.value, row.unit),
            f"{best[0].title}, {amount(best[1].value, row.unit)}" if best else "–",
            better(row, ours, best[1]) if best else "–",
            further(row, ours, floor),
        ])
    return table(["", "Everlock", "Best of the others", "Better by", "Times the floor"], lines)


def best_peer(bench, row, found):
    """The best of the other servers that did not fail, with its reading."""
    peers = [(server, found[row.name].get(server.name)) for server in bench.servers
             if server.name != "everlock"]
    done = [(server, reading) for server, reading in peers if reading and not reading.failure]
    if not done:
        return None
    choose = max if row.more_is_better else min
    return choose(done, key=lambda pair: pair[1].value)


def better(row, ours, theirs):
    """How many times better ours is; below 1 it is worse."""
    above, below = (ours, theirs) if row.more_is_better else (theirs, ours)
    return f"{number(above.value / below.value)} ×" if above.value > 0 < below.value else "–"


def further(row, ours, floor):
    """How many times the least possible ours takes."""
    if not floor or floor.failure:
        return "–"
    above, below = (floor, ours) if row.more_is_better else (ours, floor)
    return f"{number(above.value / below.value)} ×" if below.value > 0 else "–"


def machine_limits(bench, found):
    return table(["", "At the most"],
                 [[row.title, cell(found[row.name].get("floor"), row.unit)]
                  for row in FIRST.rows])
