"""What all servers have in common: a state folder, processes, a book, and how to ask it."""

import base64
import socket
import time

import cards
import dav
from connection import Connection

START_SECONDS = 120
XML = "application/xml; charset=utf-8"


class ServerFailure(Exception):
    """A server did not start, or answered wrong; the text says what."""


def free_port():
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One server: made ready once (`prepare`), then started on a copy of that state."""

    name = title = book = ""
    has_login = True

    def __init__(self, processes, *made_with):
        self.processes = processes
        self.made_with = made_with
        self.state = None
        self.port = None
        self.running = {}

    def another(self):
        """A second server of the same kind, for a state of its own."""
        return type(self)(self.processes, *self.made_with)

    # What each server does in its own way.

    def version(self):
        raise NotImplementedError

    def prepare(self, state, count):
        """Makes a state folder with a book of `count` cards in it, without the server."""
        raise NotImplementedError

    def launch(self):
        """Starts the processes and returns them by role."""
        raise NotImplementedError

    def store(self):
        """The folder that the cards are kept in."""
        raise NotImplementedError

    # What is the same for all.

    def use(self, state):
        self.state = state

    def start(self):
        """Starts the server and waits until it serves the book."""
        self.port = free_port()
        self.running = self.launch()
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise

    def stop(self):
        """Ends the server as an operator would, with SIGTERM; it may settle its store."""
        for process in self.running.values():
            process.stop()
        self.running = {}

    def is_running(self):
        return bool(self.running) and all(p.is_running() for p in self.running.values())

    def wait(self):
        """Waits until the book answers."""
        answer = self.poll(lambda connection: self.propfind(connection, dav.TOKEN, "0"))
        if answer.status != 207:
            raise ServerFailure(f"the book is answered with {answer.status}")

    def poll(self, ask):
        """Asks until the server is there, every two milliseconds."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            for role, process in self.running.items():
                if not process.is_running():
                    raise ServerFailure(f"the {role} ended: {process.last_words()}")
            try:
                with self.connect() as connection:
                    answer = ask(connection)
                if answer.status not in (502, 503):
                    return answer
            except OSError:
                pass
            time.sleep(0.002)
        raise ServerFailure("does not answer")

    def exec_cold(self):
        """Starts what reads the store; whatever may run before is running when this is called."""
        self.port = free_port()
        self.running = self.launch()

    def before_cold(self):
        """Starts what may run before."""

    def fields(self):
        """What every request carries."""
        if not self.has_login:
            return {}
        return {"Authorization": "Basic " + base64.b64encode(b"me:secret").decode()}

    def connect(self):
        return Connection(self.port, self.fields())

    def path(self, index):
        return self.book + cards.name(index)

    def put(self, connection, index, revision):
        """Puts a revision of a card and checks the status."""
        answer = connection.ask("PUT", self.path(index), cards.text(index, revision).encode(),
                                content_type="text/vcard; charset=utf-8")
        if answer.status not in (200, 201, 204):
            raise ServerFailure(f"PUT is answered with {answer.status}")
        return answer

    def get(self, connection, index):
        """Gets a card and checks the status."""
        answer = connection.ask("GET", self.path(index))
        if answer.status != 200:
            raise ServerFailure(f"GET is answered with {answer.status}")
        return answer

    def propfind(self, connection, body, depth):
        return connection.ask("PROPFIND", self.book, body, depth=depth, content_type=XML)

    def list(self, connection, count):
        """Lists the book and checks that it names so many cards."""
        answer = self.ask_listing(connection)
        self.check_listing(answer, count)
        return answer

    def ask_listing(self, connection):
        return self.propfind(connection, dav.LISTING, "1")

    def check_listing(self, answer, count):
        if answer.status != 207:
            raise ServerFailure(f"PROPFIND is answered with {answer.status}")
        # One is the book itself.
        found = dav.responses(answer.body) - 1
        if found != count:
            raise ServerFailure(f"PROPFIND names {found} cards, not {count}")

    def report(self, connection, body, depth="0"):
        """Sends a REPORT to the book and checks the status."""
        answer = connection.ask("REPORT", self.book, body, depth=depth,
                                content_type=XML)
        if answer.status != 207:
            raise ServerFailure(f"REPORT is answered with {answer.status}")
        return answer

    def sync_token(self, connection):
        """The token of the book as it is now."""
        answer = self.propfind(connection, dav.TOKEN, "0")
        token = dav.sync_token(answer.body)
        if not token:
            raise ServerFailure("the book has no sync-token")
        return token

    def cpu_seconds(self):
        """CPU time by role."""
        return {role: process.cpu_seconds() for role, process in self.running.items()}
