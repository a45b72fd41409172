"""The runs: every row for every server in turn, so that noise hits all alike."""

import subprocess
import time

import cards
import limits
from progress import say
from readings import Reading
from rows import FIRST
from servers.nginx import Nginx
from servers.server import ServerFailure
from states import States

# What a server or a tool may do wrong without ending the benchmark.
EXPECTED = (ServerFailure, OSError, ValueError, KeyError, subprocess.SubprocessError)


class Failed(Exception):
    """The benchmark cannot go on; the text says why."""


class Bench:
    """The servers with their states, what they answered, and what was measured."""

    def __init__(self, servers, scale, folder, processes):
        self.servers = servers
        self.scale = scale
        self.folder = folder
        self.processes = processes
        self.states = States(folder)
        self.nginx = Nginx(processes)
        # Readings by row, then by server, one for each run.
        self.readings = {}
        # By row: the body that Everlock answered with, for nginx to send the same.
        self.bodies = {}
        # By server: the revision of each card.
        self.revisions = {}
        # By server: why it does not take part in this run.
        self.absent = {}

    def run(self, groups):
        self.start_nginx()
        for number in range(self.scale.runs):
            say(f"Run {number + 1} of {self.scale.runs}")
            order = self.servers[number % len(self.servers):]
            order += self.servers[:number % len(self.servers)]
            self.start_servers(order)
            for group in (FIRST, *groups):
                self.measure(group, order)
            for server in order:
                server.stop()
        self.nginx.stop()

    def start_nginx(self):
        state = self.folder / "nginx"
        self.nginx.prepare(state, 0)
        self.nginx.use(state)
        try:
            self.nginx.start()
        except EXPECTED as error:
            raise Failed(f"nginx: {error}") from error

    def start_servers(self, order):
        """Each on a fresh copy of its state, with the first requests behind it."""
        self.absent.clear()
        for server in order:
            self.revisions[server.name] = {}
            try:
                server.use(self.states.fresh(server, self.scale.cards, "book"))
                server.start()
                self.warm(server)
            except EXPECTED as error:
                say(f"  {server.title}: {error}")
                self.absent[server.name] = str(error)
                server.stop()

    def warm(self, server):
        with server.connect() as connection:
            server.list(connection, self.scale.cards)

    def measure(self, group, order):
        for server in order:
            if not group.suits(server):
                continue
            begin = time.monotonic()
            try:
                if not group.own_state:
                    self.must_run(server)
                found = group.measure(self, server)
            except EXPECTED as error:
                say(f"  {group.name}, {server.title}: {error}")
                found = {row.name: Reading(failure=str(error)) for row in group.rows}
                self.revive(server, group)
            self.keep(server.name, found)
            say(f"  {group.name}, {server.title}: {time.monotonic() - begin:.1f} s")
        try:
            self.keep("floor", group.floor(self))
        except EXPECTED as error:
            say(f"  {group.name}, floor: {error}")
            self.keep("floor", {row.name: Reading(failure=str(error)) for row in group.rows})

    def must_run(self, server):
        if server.name in self.absent:
            raise ServerFailure(self.absent[server.name])
        if not server.is_running():
            raise ServerFailure("it does not run any more")

    def keep(self, server, found):
        for row, reading in found.items():
            self.readings.setdefault(row, {}).setdefault(server, []).append(reading)

    def revive(self, server, group):
        """A server that failed one row gets a chance at the next."""
        if group.own_state or server.is_running() or server.name in self.absent:
            return
        server.stop()
        try:
            server.start()
        except EXPECTED as error:
            say(f"  {server.title} does not start again: {error}")

    # What rows share.

    def edit(self, server, connection, index):
        """Puts the next revision of a card; returns the answer."""
        known = self.revisions[server.name]
        revision = known.get(index, 0) + 1
        answer = server.put(connection, index, revision)
        known[index] = revision
        return answer

    def limit(self, name):
        """What this run measured of the machine itself."""
        reading = self.readings[f"limit-{name}"]["floor"][-1]
        if reading.failure:
            raise ServerFailure(reading.failure)
        return reading.value

    def check_card(self, server, connection, index, etag=None):
        """The card is the revision last put, with the ETag given then."""
        answer = server.get(connection, index)
        revision = self.revisions[server.name].get(index, 0)
        if not cards.is_card(answer.body, index, revision):
            raise ServerFailure(f"card {index} does not have its revision {revision}")
        if etag and answer.fields.get("etag") != etag:
            raise ServerFailure(f"card {index} has another ETag than PUT said")
        return answer

    def same_from_nginx(self, row, count=50):
        """nginx sends what Everlock answered in this row: the floor of a reading row."""
        body = self.bodies.get(row)
        if body is None:
            raise ServerFailure("Everlock gave no answer to compare with")
        return limits.static(self.nginx, f"{row}.body", body, count, self.scale.cap)
