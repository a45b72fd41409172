"""Filling an empty book: by PUT over one connection, by PUT over 16, and with contactsctl."""

import resource
import subprocess
import time

import cards
from load import wrk
from meter import cpu_each, expect
from readings import Reading
from rows.group import Group, Row
from rows.putting import durable_milliseconds, durable_rate


class Import(Group):
    name = "import"
    own_state = True
    rows = (
        Row("import-put", "Import of {cards} cards by PUT, one connection", "/s"),
        Row("import-put-16", "Import of {cards} cards by PUT, 16 connections", "/s"),
    )

    def measure(self, bench, server):
        found = {}
        for row, fill in (("import-put", self.fill), ("import-put-16", self.fill_together)):
            book = server.another()
            book.use(bench.states.fresh(book, 0, row))
            book.start()
            try:
                found[row] = fill(bench, book)
            finally:
                book.stop()
        return found

    def fill(self, bench, server):
        scale = bench.scale
        done = 0
        before = server.cpu_seconds()
        begin = time.monotonic()
        with server.connect() as connection:
            while done < scale.cards and time.monotonic() - begin < scale.cap:
                server.put(connection, done, 0)
                done += 1
            seconds = time.monotonic() - begin
            cpu = cpu_each(server, before, done)
            server.list(connection, done)
        return Reading(done / seconds, cpu, done, scale.cards)

    def fill_together(self, bench, server):
        scale = bench.scale
        file = server.state / "put.cards"
        wrk.write_cards(file, range(scale.cards))
        before = server.cpu_seconds()
        load = wrk.put(server, file, 0, scale.cards, scale.connections, scale.cap,
                       bench.processes)
        expect(load.good > 0, f"no PUT of {load.wrong + load.broken} went well")
        cpu = cpu_each(server, before, load.good)
        if load.good == scale.cards:
            with server.connect() as connection:
                server.list(connection, scale.cards)
        return Reading(load.rate, cpu, load.good, scale.cards, extra=load.share)

    def floor(self, bench):
        return {"import-put": Reading(1e3 / durable_milliseconds(bench)),
                "import-put-16": Reading(durable_rate(bench))}


class ImportCommand(Group):
    name = "contactsctl"
    own_state = True
    rows = (Row("contactsctl", "contactsctl import of {cards} cards", "/s"),)

    def suits(self, server):
        return server.name == "everlock"

    def measure(self, bench, server):
        count = bench.scale.cards
        book = server.another()
        book.use(bench.states.fresh(book, 0, "contactsctl"))
        source = book.state / "cards.vcf"
        cards.write_all(source, count)
        before = children_seconds()
        begin = time.monotonic()
        said = subprocess.run(book.control_line("import", "default", "default", str(source)),
                              capture_output=True, text=True, check=True)
        seconds = time.monotonic() - begin
        cpu = {"contactsctl": (children_seconds() - before) / count * 1e3}
        expect(f"{count} added" in said.stdout, f"contactsctl says {said.stdout.strip()}")
        return {"contactsctl": Reading(count / seconds, cpu, count, count)}

    def floor(self, bench):
        """The bytes of the cards, at the rate that a journal takes them."""
        return {"contactsctl": Reading(bench.limit("append") * 1e6 / len(cards.text(1)))}


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
