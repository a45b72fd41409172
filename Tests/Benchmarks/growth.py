"""How Everlock's time and CPU grow with the number of cards in the book."""

import dataclasses

from bench import Bench
from progress import say
from readings import middle
from rows.listing import Listing
from rows.putting import Put
from rows.syncing import SyncChange, SyncNothing
from table import cell, cpu, table

SIZES = (100, 1_000, 10_000, 50_000)
GROUPS = (Listing(), SyncNothing(), SyncChange(), Put())
ORDER = ("put", "sync-nothing", "sync-change", "listing")


def run(everlock, scale, folder, about):
    """Measures every size and returns the report."""
    by_size = {}
    for size in SIZES:
        say(f"{size} cards")
        own = folder / str(size)
        own.mkdir()
        bench = Bench([everlock], dataclasses.replace(scale, cards=size), own,
                      everlock.processes)
        bench.run(GROUPS)
        by_size[size] = bench
    lines = [line for name in ORDER for line in lines_of(name, by_size)]
    head = ["", *(f"{size:,} cards" for size in SIZES)]
    facts = [*about, f"Everlock {everlock.version()}, runs: {scale.runs}"]
    return "\n\n".join([
        "## Growth with the number of cards", "\n".join(f"- {fact}" for fact in facts),
        table(head, lines),
    ])


def lines_of(name, by_size):
    """A row's times, and below it the CPU of gateway + backend."""
    row = next(row for group in GROUPS for row in group.rows if row.name == name)
    readings = [middle(bench.readings[name]["everlock"]) for bench in by_size.values()]
    title = row.title.replace(", {cards} cards", "")
    return [[title, *(cell(reading, row.unit) for reading in readings)],
            ["CPU ms, gateway + backend", *(cpu(reading) for reading in readings)]]
