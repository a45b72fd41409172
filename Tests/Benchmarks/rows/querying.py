"""addressbook-query that finds 4 % of the cards: the first after a start, then warm."""

import cards
import dav
from meter import expect_responses, repeat
from rows.group import Group, Row


class Query(Group):
    name = "query"
    rows = (
        Row("query-first", "addressbook-query, FN contains, 4 % match, first after start", "ms"),
        Row("query", "addressbook-query, the same, warm", "ms"),
    )

    def measure(self, bench, server):
        scale = bench.scale
        body = dav.query(cards.WANTED)
        wanted = cards.matches(scale.cards)
        server.stop()
        server.start()
        with server.connect() as connection:
            def ask(_):
                return server.report(connection, body, depth="1")

            def check(_, answer):
                expect_responses(answer, wanted, "the query")
                if server.name == "everlock":
                    bench.bodies["query"] = answer.body

            return {"query-first": repeat(server, 1, scale.cap, ask, check),
                    "query": repeat(server, scale.queries, scale.cap, ask, check)}

    def floor(self, bench):
        floor = bench.same_from_nginx("query")
        return {"query-first": floor, "query": floor}
