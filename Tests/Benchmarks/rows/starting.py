"""Cold start: from exec to the whole first listing of a book."""

import time
from statistics import median

from readings import Reading
from rows.group import Group, Row


class ColdStart(Group):
    name = "cold-start"
    own_state = True
    rows = (Row("cold-start", "Cold start: exec to the first listing of {cold_cards}", "ms"),)

    def measure(self, bench, server):
        scale = bench.scale
        times, cpus = [], []
        book = server.another()
        book.use(bench.states.fresh(book, scale.cold_cards, "cold"))
        for _ in range(scale.cold_starts):
            try:
                milliseconds, cpu, body = self.start(book, scale.cold_cards)
            finally:
                book.stop()
            times.append(milliseconds)
            cpus.append(cpu)
        if server.name == "everlock":
            bench.bodies["cold-start"] = body
        cpu = {role: median(one[role] for one in cpus) for role in cpus[0]}
        return {"cold-start": Reading(median(times), cpu)}

    def start(self, book, count):
        """Milliseconds, CPU milliseconds by process, and the listing."""
        book.before_cold()
        before = book.cpu_seconds()
        begin = time.perf_counter()
        book.exec_cold()
        answer = book.poll(book.ask_listing)
        milliseconds = (time.perf_counter() - begin) * 1e3
        cpu = {role: (used - before.get(role, 0)) * 1e3
               for role, used in book.cpu_seconds().items()}
        book.check_listing(answer, count)
        return milliseconds, cpu, answer.body

    def floor(self, bench):
        sent = bench.same_from_nginx("cold-start")
        return {"cold-start": Reading(bench.limit("start") + sent.value)}
