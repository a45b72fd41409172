"""A row of the tables, and a group of rows that are measured together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line: its name for the command line, its title, and the unit of its number.

    Units: `ms` for a request, `/s` for requests or cards a second, `bytes` by allocated blocks,
    `flushes` of one PUT, `MB` of memory, `MB/s`.
    """

    name: str
    title: str
    unit: str

    @property
    def more_is_better(self):
        return self.unit in ("/s", "MB/s")


class Group:
    """Rows that come from one measurement."""

    name = ""
    # Whether it starts servers on states of its own, apart from the book that the others share.
    own_state = False
    rows = ()

    def suits(self, server):
        """Whether the server can do this at all."""
        return True

    def measure(self, bench, server):
        """Readings by row."""
        raise NotImplementedError

    def floor(self, bench):
        """Readings by row of what this machine can do at the most; nothing where none is known."""
        return {}
