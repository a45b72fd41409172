#!/usr/bin/env python3
"""Measures what a backend costs to have: its start and its memory.

Backends are started as systemd starts them, with their listening socket handed over and the first
request waiting in its queue, and asked by frames, without a gateway. `--bin` names a folder with
contacts-backend and contactsctl, built with `swift build -c release --static-swift-stdlib`.
"""

import argparse
import os
import pathlib
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import cards
import dav

HELLO, HEAD, ANSWER, BODY, END = 1, 2, 3, 4, 5
PATIENCE_SECONDS = 30
BOOK = "/dav/addressbooks/default/"


def frame(kind, payload=b""):
    return struct.pack(">IBBI", len(payload), kind, 0, 0) + payload


def text(value):
    return struct.pack(">H", len(value)) + value.encode()


def propfind(instance, depth, body):
    """The frames of a PROPFIND of the book, a hello before them."""
    fields = [("depth", depth), ("content-type", "application/xml")]
    head = b"".join(map(text, ("1", instance, "me", "writer"))) + struct.pack(">H", 0)
    head += b"".join(map(text, ("PROPFIND", BOOK, "http", "localhost", "127.0.0.1")))
    head += struct.pack(">H", len(fields))
    head += b"".join(text(name) + text(value) for name, value in fields)
    head += struct.pack(">BQ", 2, len(body))
    hello = struct.pack(">HII", 1, 128 * 1024, 64 * 1024)
    return (frame(HELLO, hello) + frame(HEAD, head) + frame(BODY, body) + frame(END))


class Backend:
    """One backend, with a socket that outlives it."""

    def __init__(self, program, folder, instance):
        self.program, self.folder, self.instance = program, folder, instance
        self.path = str(folder / f"{instance}.sock")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(1024)

    def start(self):
        def hand_over():
            os.dup2(self.listener.fileno(), 3)
            # Where it is 3 already, dup2 leaves it to be closed.
            os.set_inheritable(3, True)
            os.environ["LISTEN_PID"] = str(os.getpid())
            os.environ["LISTEN_FDS"] = "1"

        command = [self.program, "--config", self.folder, "--state", self.folder,
                   "--runtime", self.folder, self.instance]
        begin = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            hand_over()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.execv(self.program, [str(part) for part in command])
        self.pid = pid
        return begin

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)

    def ask(self, depth, body):
        """Sends a request on a connection of its own; returns the connection."""
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE_SECONDS)
        connection.connect(self.path)
        connection.sendall(propfind(self.instance, depth, body))
        return connection

    def answer(self, connection):
        """Reads an answer to its end; returns the status and the number of bytes."""
        file = connection.makefile("rb")
        status = count = 0
        while True:
            size, kind, _, _ = struct.unpack(">IBBI", file.read(10))
            payload = file.read(size)
            if kind == ANSWER:
                status = struct.unpack(">H", payload[:2])[0]
            elif kind == BODY:
                count += size
            elif kind == END:
                return status, count
            elif kind != HELLO:
                sys.exit(f"the backend fails: {payload!r}")

    def first(self, depth, body):
        """Milliseconds from exec to the end of the first answer, which must be good."""
        connection = self.ask(depth, body)
        begin = self.start()
        status, count = self.answer(connection)
        took = (time.perf_counter() - begin) * 1000
        if status != 207 or count < 200:
            sys.exit(f"the first answer has status {status} and {count} bytes")
        return took

    def memory(self, name):
        """Kilobytes of the process, by its name in smaps_rollup (proc(5))."""
        for line in pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        sys.exit(f"no {name} in smaps_rollup")


def prepare(programs, folder, count, instances):
    """Stores with so many cards, one for each instance."""
    names = ["default"] + [f"i{number}" for number in range(1, instances)]
    settings = "".join(f'[instances.{name}]\nstore = "{name}"\nvhosts = ["{name}.test"]\n'
                       for name in names)
    (folder / "contacts.toml").write_text(settings)
    (folder / "users.toml").write_text("")
    control = [programs / "contactsctl"]
    places = ["--config", folder, "--state", folder]
    source = folder / "cards.vcf"
    cards.write_all(source, count)
    for command in (["book", "add", "default", "default"],
                    ["import", "default", "default", source]):
        subprocess.run(control + command + places, check=True, capture_output=True)
    for name in names[1:]:
        shutil.copytree(folder / "default", folder / name)
    return names


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--cards", type=int, default=5000)
    parser.add_argument("--instances", type=int, default=20)
    parser.add_argument("--runs", type=int, default=25)
    options = parser.parse_args()
    programs = options.bin.resolve()
    with tempfile.TemporaryDirectory(prefix="footprint-") as name:
        folder = pathlib.Path(name)
        names = prepare(programs, folder, options.cards, options.instances)
        program = programs / "contacts-backend"
        backends = [Backend(program, folder, name) for name in names]
        one = backends[0]
        rows = {}
        for title, depth, body in (("exec to the first answer, PROPFIND of the sync token", "0",
                                    dav.TOKEN),
                                   ("exec to the first answer, listing of all cards", "1",
                                    dav.LISTING)):
            times = []
            for _ in range(options.runs):
                times.append(one.first(depth, body))
                one.stop()
            rows[f"{title}, ms"] = spread(times)
        for backend in backends:
            backend.first("0", dav.TOKEN)
        for title, field in (("resident", "Rss"), ("proportional share", "Pss"),
                             ("private and dirty", "Private_Dirty")):
            sizes = [backend.memory(field) / 1024 for backend in backends]
            rows[f"{title}, MB, {len(backends)} instances after a first answer each"] = spread(sizes)
        for backend in backends:
            backend.stop()
    print(f"| {options.cards:,} cards in each instance | median (least to most) |")
    print("| --- | ---: |")
    for title, value in rows.items():
        print(f"| {title} | {value} |")


if __name__ == "__main__":
    main()
