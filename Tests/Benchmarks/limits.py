"""What this machine can do at the most: flushes, appends, round trips, plain files over HTTP."""

import multiprocessing
import os
import shutil
import socket
import subprocess
import time
from statistics import median

from load import wrk
from meter import cpu_each
from readings import Reading
from servers.server import ServerFailure

RECORD = os.urandom(1024)
FILE_BYTES = 64 << 20


def prepared_file(folder):
    """A file whose blocks are all allocated and written, as a journal's are."""
    path = folder / "limits.journal"
    with open(path, "wb") as file:
        for _ in range(FILE_BYTES >> 20):
            file.write(bytes(1 << 20))
        file.flush()
        os.fsync(file.fileno())
    return path


def flush_milliseconds(folder, count, together=1):
    """The median of pwrite of so many records of 1 KiB and one fdatasync."""
    path = prepared_file(folder)
    seconds = []
    data = RECORD * together
    file = os.open(path, os.O_WRONLY)
    try:
        for number in range(count):
            begin = time.perf_counter()
            os.pwrite(file, data, number * len(data) % (FILE_BYTES - len(data)))
            os.fdatasync(file)
            seconds.append(time.perf_counter() - begin)
    finally:
        os.close(file)
        path.unlink()
    return median(seconds) * 1e3


def new_file_milliseconds(folder, count):
    """The median of what a store of plain files does: write, flush, rename, flush the folder."""
    place = folder / "limits.files"
    place.mkdir()
    seconds = []
    handle = os.open(place, os.O_RDONLY)
    try:
        for number in range(count):
            begin = time.perf_counter()
            with open(place / "new", "wb") as file:
                file.write(RECORD)
                file.flush()
                os.fsync(file.fileno())
            os.rename(place / "new", place / str(number))
            os.fsync(handle)
            seconds.append(time.perf_counter() - begin)
    finally:
        os.close(handle)
        shutil.rmtree(place)
    return median(seconds) * 1e3


def append_bytes_per_second(folder):
    """Writes 64 MiB to a prepared file, one flush for each MiB."""
    path = prepared_file(folder)
    data = os.urandom(1 << 20)
    file = os.open(path, os.O_WRONLY)
    try:
        begin = time.perf_counter()
        for number in range(FILE_BYTES >> 20):
            os.pwrite(file, data, number << 20)
            os.fdatasync(file)
        return FILE_BYTES / (time.perf_counter() - begin)
    finally:
        os.close(file)
        path.unlink()


def echo_milliseconds(count, size=512):
    """The median round trip of a request's worth of bytes over the loopback, and back."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        helper = multiprocessing.Process(target=echo, args=(listener,), daemon=True)
        helper.start()
        with socket.create_connection(listener.getsockname()) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            seconds = [round_trip(client, bytes(size)) for _ in range(count)]
        helper.join()
    return median(seconds) * 1e3


def echo(listener):
    peer, _ = listener.accept()
    with peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := peer.recv(1 << 16):
            peer.sendall(data)


def round_trip(client, data):
    begin = time.perf_counter()
    client.sendall(data)
    left = len(data)
    while left:
        left -= len(client.recv(1 << 16))
    return time.perf_counter() - begin


def start_milliseconds(count):
    """The median of starting a program that does nothing, to its end."""
    seconds = []
    for _ in range(count):
        begin = time.perf_counter()
        subprocess.run(["/bin/true"], check=True)
        seconds.append(time.perf_counter() - begin)
    return median(seconds) * 1e3


def static(nginx, file, body, count, cap):
    """The median of getting a body from nginx over one connection, with our own client."""
    nginx.serve(file, body)
    seconds = []
    before = nginx.cpu_seconds()
    end = time.monotonic() + cap
    with nginx.connect() as connection:
        while len(seconds) < count and time.monotonic() < end:
            answer = connection.ask("GET", f"/{file}")
            if answer.status != 200 or len(answer.body) != len(body):
                raise ServerFailure(f"nginx answers {answer.status}")
            seconds.append(answer.seconds)
    return Reading(median(seconds) * 1e3, cpu_each(nginx, before, len(seconds)), len(seconds),
                   count)


def static_rate(nginx, file, body, connections, seconds, processes):
    """Requests a second that nginx answers with this body over many connections."""
    nginx.serve(file, body)
    before = nginx.cpu_seconds()
    load = wrk.get(nginx, f"/{file}", len(body), connections, seconds, processes)
    return Reading(load.rate, cpu_each(nginx, before, max(1, load.good)), extra=load.share)
