"""PROPFIND of Depth 1: all cards with their ETags, what clients without sync ask each time."""

from meter import repeat
from rows.group import Group, Row


class Listing(Group):
    name = "listing"
    rows = (Row("listing", "PROPFIND Depth 1 getetag, {cards} cards", "ms"),)

    def measure(self, bench, server):
        scale = bench.scale
        with server.connect() as connection:
            def ask(_):
                answer = server.list(connection, scale.cards)
                if server.name == "everlock":
                    bench.bodies["listing"] = answer.body
                return answer

            return {"listing": repeat(server, scale.listings, scale.cap, ask)}

    def floor(self, bench):
        return {"listing": bench.same_from_nginx("listing")}
