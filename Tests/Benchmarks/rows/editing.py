"""What an edit takes on the disk in the long run, once the server has settled its store."""

import time

import folders
from readings import Reading
from rows.group import Group, Row
from rows.putting import packed_bytes


class Edits(Group):
    name = "edits"
    rows = (Row("edits", "Store's growth for an edit, after {edits} edits and SIGTERM", "bytes"),)

    def measure(self, bench, server):
        scale = bench.scale
        before = self.settled(server)
        end = time.monotonic() + scale.cap
        done = 0
        with server.connect() as connection:
            while done < scale.edits and time.monotonic() < end:
                # A prime step: edits lie all over the book.
                bench.edit(server, connection, done * 7919 % scale.cards)
                done += 1
            bench.check_card(server, connection, (done - 1) * 7919 % scale.cards)
        grown = (self.settled(server) - before).over(done)
        return {"edits": Reading(grown.allocated, count=done, wanted=scale.edits,
                                 extra=grown.apparent)}

    def settled(self, server):
        """The store's size after the server has ended as asked; starts it again."""
        server.stop()
        size = folders.size(server.store())
        server.start()
        return size

    def floor(self, bench):
        return {"edits": Reading(packed_bytes(), extra=packed_bytes())}
