"""addressbook-multiget: 100 cards in one answer, as Evolution asks for them."""

import cards
import dav
from meter import expect, expect_responses, repeat
from rows.group import Group, Row

COUNT = 100


class Multiget(Group):
    name = "multiget"
    rows = (Row("multiget", "addressbook-multiget of 100", "ms"),)

    def measure(self, bench, server):
        scale = bench.scale
        step = max(1, scale.cards // COUNT)
        indexes = range(0, scale.cards, step)[:COUNT]
        body = dav.multiget([server.path(index) for index in indexes])
        revisions = bench.revisions[server.name]

        def check(number, answer):
            expect_responses(answer, len(indexes), "multiget")
            index = indexes[number % len(indexes)]
            part = dav.response_of(answer.body, server.path(index))
            expect(cards.is_card(part, index, revisions.get(index, 0)),
                   f"multiget has not card {index} as it was put")
            if server.name == "everlock":
                bench.bodies["multiget"] = answer.body

        with server.connect() as connection:
            return {"multiget": repeat(server, scale.multigets, scale.cap,
                                       lambda _: server.report(connection, body), check)}

    def floor(self, bench):
        return {"multiget": bench.same_from_nginx("multiget")}
