"""The servers of the tests themselves: a browser that goes away leaves nothing open behind it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from tests.serving import served_app

RESET = struct.pack("ii", 1, 0)  # closing answers with a reset at once, as a browser that left the page does


def test_an_answer_is_closed_when_its_reader_goes_away_at_its_end() -> None:
    written, gone, closed = threading.Event(), threading.Event(), threading.Event()

    class Answer:
        def __iter__(self) -> Iterator[bytes]:
            yield b"a few words"
            written.set()
            gone.wait(30)

        def close(self) -> None:
            closed.set()

    def app(_environ: WSGIEnvironment, start: StartResponse) -> Answer:
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "11")])
        return Answer()

    with served_app(app) as address:
        reader = socket.create_connection(("127.0.0.1", urlsplit(address).port or 0))
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        reader.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert written.wait(30)
        reader.close()
        gone.set()

        assert closed.wait(5)
