"""How often a PUT waits for the disk: fsync and its kind, counted by strace in a short pass."""

import os
import re
import shutil
import signal
import time

from meter import expect
from readings import Reading
from rows.group import Group, Row

CALLS = "fsync,fdatasync,sync_file_range,syncfs,sync,msync"
LINE = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s.*?(\w+)$", re.MULTILINE)
ATTACH_SECONDS = 10


class Flushes(Group):
    name = "flushes"
    rows = (Row("flushes", "Flushes of a PUT (fsync, fdatasync and their kind)", "flushes"),)

    def measure(self, bench, server):
        expect(shutil.which("strace"), "strace is not there")
        log = server.state / "strace.log"
        counts = server.state / "strace.counts"
        line = ["strace", "-f", "-c", "-e", f"trace={CALLS}", "-o", counts]
        for process in server.running.values():
            line += ["-p", process.pid]
        with server.connect() as connection:
            bench.edit(server, connection, 0)
            strace = bench.processes.start(line, log)
            try:
                self.wait(server, strace)
                done = self.put_for_a_while(bench, server, connection)
            finally:
                strace.stop(signal.SIGINT)
        calls = sum(int(count) for count, name in LINE.findall(counts.read_text())
                    if name in CALLS.split(","))
        return {"flushes": Reading(calls / done)}

    def put_for_a_while(self, bench, server, connection):
        """PUTs, one after the other; returns how many."""
        end = time.monotonic() + bench.scale.cap
        for done in range(1, bench.scale.traced_puts + 1):
            bench.edit(server, connection, 0)
            if time.monotonic() > end:
                break
        return done

    def wait(self, server, strace):
        """Until every thread of the server is traced."""
        end = time.monotonic() + ATTACH_SECONDS
        while not all(is_traced(process.pid) for process in server.running.values()):
            expect(strace.is_running() and time.monotonic() < end,
                   f"strace cannot attach: {strace.last_words()}")
            time.sleep(0.01)


def is_traced(pid):
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/status") as file:
                if re.search(r"^TracerPid:\s+0$", file.read(), re.MULTILINE):
                    return False
        except FileNotFoundError:
            continue
    return True
