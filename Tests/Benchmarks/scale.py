"""How much is asked of each server: the counts behind the rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """The counts of one run; a slow server stops at `cap` seconds and is judged by what it did."""

    cards: int = 10_000
    runs: int = 3
    cap: float = 20
    puts: int = 300
    gets: int = 1_000
    syncs: int = 200
    changes: int = 50
    listings: int = 10
    multigets: int = 50
    queries: int = 10
    edits: int = 2_000
    old_commits: int = 1_000
    load_seconds: int = 5
    cold_cards: int = 5_000
    cold_starts: int = 3
    connections: int = 16
    traced_puts: int = 20

    @staticmethod
    def read(options):
        """The scale that the command line asks for."""
        wanted = dict(QUICK) if options.quick else {}
        for name in ("cards", "runs", "cap"):
            if getattr(options, name) is not None:
                wanted[name] = getattr(options, name)
        return Scale(**wanted)


QUICK = {
    "cards": 500, "runs": 1, "cap": 2, "puts": 50, "gets": 100, "syncs": 20, "changes": 10,
    "listings": 3, "multigets": 5, "queries": 3, "edits": 200, "old_commits": 100,
    "load_seconds": 1, "cold_cards": 500, "cold_starts": 1, "traced_puts": 5,
}
