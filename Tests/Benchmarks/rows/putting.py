"""PUT of cards that exist: over one connection, and over many at once."""

import zlib

import cards
import folders
from load import wrk
from meter import cpu_each, expect, repeat
from readings import Reading
from rows.group import Group, Row

# Cards that are read back afterwards.
SAMPLES = 20


def packed_bytes():
    """The bytes of a card that no general packing makes smaller."""
    return len(zlib.compress(cards.text(1, 1).encode()))


def durable_milliseconds(bench):
    """The least that a PUT takes that is on the disk when it is answered."""
    return bench.limit("flush") + bench.limit("echo")


def durable_rate(bench):
    """The most such PUTs a second over 16 connections that share each flush."""
    return min(bench.limit("get-16"), bench.scale.connections / bench.limit("flush-16") * 1e3)


class Put(Group):
    name = "put"
    rows = (
        Row("put", "PUT, update, one connection", "ms"),
        Row("put-bytes", "Store's growth for a PUT, server running", "bytes"),
    )

    def measure(self, bench, server):
        scale = bench.scale
        etags = {}
        before = folders.size(server.store())
        with server.connect() as connection:
            def ask(number):
                return bench.edit(server, connection, self.index(number, scale))

            def check(number, answer):
                etags[self.index(number, scale)] = answer.fields.get("etag")

            reading = repeat(server, scale.puts, scale.cap, ask, check)
            grown = (folders.size(server.store()) - before).over(reading.count)
            for index in list(etags)[::max(1, len(etags) // SAMPLES)]:
                bench.check_card(server, connection, index, etags[index])
        return {"put": reading,
                "put-bytes": Reading(grown.allocated, count=reading.count, wanted=reading.wanted,
                                     extra=grown.apparent)}

    @staticmethod
    def index(number, scale):
        return number * 17 % scale.cards

    def floor(self, bench):
        return {"put": Reading(durable_milliseconds(bench)),
                "put-bytes": Reading(packed_bytes(), extra=packed_bytes())}


class PutTogether(Group):
    name = "put-16"
    rows = (
        Row("put-16", "PUT, update, 16 connections", "/s"),
        Row("put-16-bytes", "Store's growth for a PUT of 16 at once, server running", "bytes"),
    )

    def measure(self, bench, server):
        scale = bench.scale
        count = min(scale.cards, 1_000)
        file = server.state / "put.cards"
        wrk.write_cards(file, range(count))
        first = max(bench.revisions[server.name].values(), default=0) + 1
        size = folders.size(server.store())
        before = server.cpu_seconds()
        load = wrk.put(server, file, first, 0, scale.connections, scale.load_seconds,
                       bench.processes)
        expect(load.good > 0, f"no PUT of {load.wrong + load.broken} went well")
        cpu = cpu_each(server, before, load.good)
        grown = (folders.size(server.store()) - size).over(load.good)
        self.check(bench, server, count, first, load)
        return {"put-16": Reading(load.rate, cpu, extra=load.share),
                "put-16-bytes": Reading(grown.allocated, extra=grown.apparent)}

    def check(self, bench, server, count, first, load):
        """Cards hold what was put: the last revision, or the one before where wrk was stopped.

        Where PUTs were refused, a card may hold any revision, also the one from before.
        """
        last = first + (load.good + load.wrong + bench.scale.connections) // count
        whole = load.good // count
        refused = load.share < 1 or whole == 0
        revisions = bench.revisions[server.name]
        with server.connect() as connection:
            for index in range(0, count, max(1, count // SAMPLES)):
                oldest = revisions.get(index, 0) if refused else first + whole - 1
                body = server.get(connection, index).body
                expect(any(cards.is_card(body, index, revision)
                           for revision in range(oldest, last + 1)),
                       f"card {index} lost its last PUT")
        # Whatever they hold, the next edit must be another.
        revisions.update(dict.fromkeys(range(count), last))

    def floor(self, bench):
        return {"put-16": Reading(durable_rate(bench)),
                "put-16-bytes": Reading(packed_bytes(), extra=packed_bytes())}
