"""Programs that the benchmark starts: their end, their CPU time, their memory."""

import os
import re
import signal
import subprocess
import time

# A backend of ours takes up to 30 seconds for the requests under way.
PATIENCE_SECONDS = 60


class Process:
    """One running program, known by its id."""

    def __init__(self, arguments, log, environment=None):
        # A session of its own: Ctrl-C reaches the driver, which then ends each program in order.
        with open(log, "ab") as output:
            self.child = subprocess.Popen(
                [str(part) for part in arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                env={**os.environ, **(environment or {})},
            )
        self.pid = self.child.pid
        self.log = log

    def is_running(self):
        return self.child.poll() is None

    def cpu_seconds(self):
        """CPU time of all threads, also of those that have ended, in nanoseconds' steps.

        /proc/PID/schedstat counts as finely, but knows one living thread only. The number below is
        the clock that clock_getcpuclockid(3) gives for a process.
        """
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory(self):
        """Resident and proportional set size, in bytes."""
        with open(f"/proc/{self.pid}/smaps_rollup") as file:
            sizes = dict(re.findall(r"^(\w+):\s+(\d+) kB", file.read(), re.MULTILINE))
        return int(sizes["Rss"]) * 1024, int(sizes["Pss"]) * 1024

    def stop(self, with_signal=signal.SIGTERM):
        """Asks the program to end and waits; one that does not is killed."""
        if not self.is_running():
            return
        self.child.send_signal(with_signal)
        try:
            self.child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def last_words(self):
        """The end of the log, for a message about what failed."""
        lines = open(self.log, errors="replace").read().strip().splitlines()
        return lines[-1][:200] if lines else "nothing in its log"


class Processes:
    """All programs that were started; leaving the scope ends those that still run."""

    def __init__(self):
        self.started = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # A second Ctrl-C must not leave a server behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for process in reversed(self.started):
            process.stop()

    def start(self, arguments, log, environment=None):
        process = Process(arguments, log, environment)
        self.started = [other for other in self.started if other.is_running()] + [process]
        return process
