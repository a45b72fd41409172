"""HTTP/1.1 over a plain socket: sends one request, reads one answer, and takes the time."""

import socket
import time
from dataclasses import dataclass

# A listing of 10,000 cards takes some servers the better part of a minute.
TIMEOUT_SECONDS = 120


@dataclass
class Answer:
    """A whole answer, and the seconds from the first byte sent to the last one read."""

    status: int
    fields: dict
    body: bytes
    seconds: float


class Connection:
    """Requests one after another; connects anew where the server closed, and counts that time."""

    def __init__(self, port, fields=None):
        self.port = port
        lines = [f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in (fields or {}).items()]
        self.common = "\r\n".join(lines)
        self.socket = None
        self.reader = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.socket:
            self.reader.close()
            self.socket.close()
            self.socket = None

    def ask(self, method, path, body=b"", **fields):
        """Sends a request; `fields` in Python's spelling, `content_type` for `Content-Type`."""
        lines = [f"{method} {path} HTTP/1.1", self.common]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        if body or method not in ("GET", "HEAD"):
            lines.append(f"Content-Length: {len(body)}")
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        begin = time.perf_counter()
        try:
            status, head, chunks = self._exchange(request)
        except BaseException:
            self.close()
            raise
        return Answer(status, head, b"".join(chunks), time.perf_counter() - begin)

    def _exchange(self, request):
        if not self.socket:
            self._connect()
        self.socket.sendall(request)
        status, version, head = self._read_head()
        chunks, whole = self._read_body(status, head)
        keeps = version == b"HTTP/1.1" and head.get("connection", "").lower() != "close"
        if not whole or not keeps:
            self.close()
        return status, head, chunks

    def _connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = self.socket.makefile("rb", buffering=1 << 16)

    def _read_head(self):
        line = self.reader.readline()
        if not line:
            raise ConnectionError("the server closed the connection without an answer")
        version, status, *_ = line.split(None, 2)
        head = {}
        while (line := self.reader.readline()) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            head[name.lower()] = value.strip()
        return int(status), version, head

    def _read_body(self, status, head):
        """The pieces of the body, and whether the connection can go on after it."""
        if status in (204, 304):
            return [], True
        if head.get("transfer-encoding", "").lower() == "chunked":
            return self._read_chunks(), True
        if "content-length" in head:
            length = int(head["content-length"])
            body = self.reader.read(length)
            if len(body) < length:
                raise ConnectionError("the answer ended early")
            return [body], True
        return [self.reader.read()], False

    def _read_chunks(self):
        chunks = []
        while length := int(self.reader.readline().split(b";")[0], 16):
            chunks.append(self.reader.read(length))
            self.reader.read(2)
        while self.reader.readline() not in (b"\r\n", b"\n", b""):
            pass
        return chunks
