"""What the processes hold in memory after all the rows before."""

from readings import Reading
from rows.group import Group, Row


class Memory(Group):
    name = "memory"
    rows = (
        Row("memory-server", "Memory of the server (ours: the backend)", "MB"),
        Row("memory-gateway", "Memory of the gateway", "MB"),
    )

    def measure(self, bench, server):
        found = {}
        for role, process in server.running.items():
            resident, proportional = process.memory()
            row = "memory-gateway" if role == "gateway" else "memory-server"
            found[row] = Reading(resident / 1e6, extra=proportional / 1e6)
        return found
