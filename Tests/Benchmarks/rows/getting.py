"""GET of one card: over one connection, and over many at once."""

from load import wrk
from meter import cpu_each, expect, repeat
from readings import Reading
from rows.group import Group, Row


class Get(Group):
    name = "get"
    rows = (Row("get", "GET of a card, one connection", "ms"),)

    def measure(self, bench, server):
        scale = bench.scale
        with server.connect() as connection:
            def ask(number):
                return bench.check_card(server, connection, number * 13 % scale.cards)

            return {"get": repeat(server, scale.gets, scale.cap, ask)}

    def floor(self, bench):
        return {"get": Reading(bench.limit("get"))}


class GetTogether(Group):
    name = "get-16"
    rows = (Row("get-16", "GET of a card, 16 connections", "/s"),)

    def measure(self, bench, server):
        scale = bench.scale
        index = scale.cards // 2
        with server.connect() as connection:
            length = len(bench.check_card(server, connection, index).body)
        before = server.cpu_seconds()
        load = wrk.get(server, server.path(index), length, scale.connections,
                       scale.load_seconds, bench.processes)
        expect(load.good > 0, f"no GET of {load.wrong + load.broken} went well")
        return {"get-16": Reading(load.rate, cpu_each(server, before, load.good),
                                  extra=load.share)}

    def floor(self, bench):
        return {"get-16": Reading(bench.limit("get-16"))}
