"""sync-collection (RFC 6578): nothing new, one change, and one change a thousand commits ago."""

import time

import dav
from meter import expect, expect_responses, repeat, repeat_apart
from rows.group import Group, Row


class SyncNothing(Group):
    name = "sync-nothing"
    rows = (Row("sync-nothing", "sync-collection, nothing new", "ms"),)

    def measure(self, bench, server):
        with server.connect() as connection:
            body = dav.sync(server.sync_token(connection))

            def check(_, answer):
                expect_responses(answer, 0, "sync-collection")
                expect(dav.sync_token(answer.body), "sync-collection hands out no token")
                if server.name == "everlock":
                    bench.bodies["sync-nothing"] = answer.body

            return {"sync-nothing": repeat(server, bench.scale.syncs, bench.scale.cap,
                                           lambda _: server.report(connection, body), check)}

    def floor(self, bench):
        return {"sync-nothing": bench.same_from_nginx("sync-nothing")}


class SyncChange(Group):
    name = "sync-change"
    rows = (Row("sync-change", "sync-collection, 1 change, token fresh", "ms"),)

    def measure(self, bench, server):
        scale = bench.scale
        index = scale.cards // 2
        with server.connect() as connection:
            token = server.sync_token(connection)
            put = None

            def prepare(_):
                nonlocal put
                put = bench.edit(server, connection, index)

            def ask(_):
                return server.report(connection, dav.sync(token))

            def check(_, answer):
                nonlocal token
                check_change(server, answer, index, put)
                token = dav.sync_token(answer.body)
                if server.name == "everlock":
                    bench.bodies["sync-change"] = answer.body

            return {"sync-change": repeat_apart(server, scale.changes, scale.cap, prepare, ask,
                                                check)}

    def floor(self, bench):
        return {"sync-change": bench.same_from_nginx("sync-change")}


class SyncOld(Group):
    name = "sync-old"
    rows = (Row("sync-old", "sync-collection, 1 card changed, token {old_commits} commits old",
                "ms"),)

    def measure(self, bench, server):
        scale = bench.scale
        index = scale.cards // 3
        with server.connect() as connection:
            body = dav.sync(server.sync_token(connection))
            end = time.monotonic() + scale.cap
            commits = 0
            while commits < scale.old_commits and time.monotonic() < end:
                put = bench.edit(server, connection, index)
                commits += 1

            def check(_, answer):
                check_change(server, answer, index, put)
                if server.name == "everlock":
                    bench.bodies["sync-old"] = answer.body

            reading = repeat(server, scale.changes, scale.cap,
                             lambda _: server.report(connection, body), check)
        # What counts here is how old the token became before the time was up.
        reading.count, reading.wanted = commits, scale.old_commits
        return {"sync-old": reading}

    def floor(self, bench):
        return {"sync-old": bench.same_from_nginx("sync-old")}


def check_change(server, answer, index, put):
    """The answer names this card only, with the ETag that its PUT gave."""
    expect_responses(answer, 1, "sync-collection")
    part = dav.response_of(answer.body, server.path(index))
    expect(part, "sync-collection names another card")
    etag = put.fields.get("etag", "").strip('"').encode()
    expect(etag in part, "sync-collection has another ETag than PUT said")
