"""State folders of servers: made once with the cards in them, copied for each run."""

import subprocess
import time

import cards
import folders
from progress import say
from servers.server import ServerFailure


class States:
    """All state folders, below the benchmark's own."""

    def __init__(self, folder):
        self.folder = folder
        self.ready = set()

    def fresh(self, server, count, purpose):
        """A fresh copy of the state with so many cards; makes the original the first time."""
        original = self.folder / f"{server.name}-{count}"
        if original not in self.ready:
            begin = time.monotonic()
            self.make(server, original, count)
            self.ready.add(original)
            took = time.monotonic() - begin
            say(f"  {server.title}: {count} cards are ready ({took:.1f} s)")
        copy = self.folder / f"{server.name}-{purpose}"
        remove(copy)
        folders.copy(original, copy)
        return copy

    def make(self, server, original, count):
        """Makes a state, and lets the server build whatever it keeps beside the cards."""
        remove(original)
        try:
            server.prepare(original, count)
        except subprocess.CalledProcessError as error:
            said = (error.stderr or "").strip()
            raise ServerFailure(f"cannot be prepared: {said}") from error
        server.use(original)
        server.start()
        try:
            check(server, count)
        finally:
            server.stop()


def check(server, count):
    """The book holds the cards; the first, the last and one in the middle are looked at."""
    with server.connect() as connection:
        server.list(connection, count)
        for index in {0, count // 2, count - 1} if count else ():
            if not cards.is_card(server.get(connection, index).body, index, 0):
                raise ServerFailure(f"card {index} is not the one that was stored")


def remove(folder):
    subprocess.run(["rm", "-rf", str(folder)], check=True)
