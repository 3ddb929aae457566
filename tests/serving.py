"""Servers on loopback that live as long as a test needs them."""

from __future__ import annotations

import functools
import http.server
import random
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import BaseServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def free_port() -> int:
    """A port for a program that binds it by itself, below those that the system gives to whoever connects."""
    chance = random.SystemRandom()  # the tests of one run must not choose alike
    while True:
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port := chance.randrange(20_000, 32_000)))
            return port


@contextmanager
def running(server: BaseServer) -> Iterator[str]:
    """Answer requests in a thread; gives the address without a slash at its end."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def answering(handler: Callable[..., http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server whose requests this handler answers."""
    with running(_Server(("127.0.0.1", 0), handler)) as address:
        yield address


@contextmanager
def served_folder(folder: Path) -> Iterator[str]:
    """Serve a folder."""
    with answering(functools.partial(QuietFolder, directory=str(folder))) as address:
        yield address


@contextmanager
def served_app(app: WSGIApplication) -> Iterator[str]:
    """Serve a WSGI application, several requests at a time."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_unused: object) -> None:
            pass

    server = make_server("127.0.0.1", 0, _closing(app), threaded=True, request_handler=Quiet)
    with running(server) as address:
        yield address


def _closing(app: WSGIApplication) -> WSGIApplication:
    """The application, each answer read and closed before a byte of it leaves.

    Left to itself this server never closes the answer, and the file behind it, for a browser that has gone away.
    """

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        parts = app(environ, start)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer


class QuietFolder(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, without a word in the log."""

    def log_message(self, *_unused: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # a map asks for all its pictures at once: a refused connection waits for seconds
