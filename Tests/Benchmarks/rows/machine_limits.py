"""What the machine itself can do at the most; measured first in each run."""

import cards
import limits
from readings import Reading
from rows.group import Group, Row


class MachineLimits(Group):
    name = "limits"
    rows = (
        Row("limit-flush", "pwrite of 1 KiB and fdatasync, file prepared", "ms"),
        Row("limit-flush-16", "pwrite of 16 KiB and fdatasync: 16 writers that share it", "ms"),
        Row("limit-file", "a new file of 1 KiB: write, fsync, rename, fsync of its folder", "ms"),
        Row("limit-append", "append to a journal, a flush for each MiB", "MB/s"),
        Row("limit-echo", "round trip of 512 bytes over the loopback", "ms"),
        Row("limit-get", "nginx, a static card, one connection", "ms"),
        Row("limit-get-16", "nginx, a static card, 16 connections", "/s"),
        Row("limit-start", "start of a program that does nothing", "ms"),
    )

    def suits(self, server):
        return False

    def floor(self, bench):
        scale, folder, nginx = bench.scale, bench.folder, bench.nginx
        card = cards.text(0).encode()
        return {
            "limit-flush": Reading(limits.flush_milliseconds(folder, scale.puts)),
            "limit-flush-16": Reading(limits.flush_milliseconds(folder, scale.puts, together=16)),
            "limit-file": Reading(limits.new_file_milliseconds(folder, scale.puts)),
            "limit-append": Reading(limits.append_bytes_per_second(folder) / 1e6),
            "limit-echo": Reading(limits.echo_milliseconds(scale.gets)),
            "limit-get": limits.static(nginx, "card", card, scale.gets, scale.cap),
            "limit-get-16": limits.static_rate(
                nginx, "card", card, scale.connections, scale.load_seconds, bench.processes),
            "limit-start": Reading(limits.start_milliseconds(50)),
        }
