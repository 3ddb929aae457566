"""A real Git host for the tests: `git http-backend` behind a small threaded web server, on this machine only."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from participation.store import process
from tests.serving import running


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_request) -> None:
        """A client that was killed has closed its end: nothing to tell."""


class GitHost:
    """The bare repositories below `folder`, each at `address(name)`; `down`, `secret`, `hanging` make it difficult."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.down = False
        self.secret = ""  # user:password that it asks for
        self.requests: list[str] = []
        self.hanging: threading.Event | None = None  # while set to an event, answers wait for it
        self._server = _Server(("127.0.0.1", 0), self._handler())

    def address(self, name: str = "shared.git") -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{name}"

    def make(self, name: str = "shared.git") -> Path:
        """A new empty repository that takes pushes, and refuses those by force."""
        path = self.folder / name
        git(None, "init", "--quiet", "--bare", "--initial-branch=main", str(path))
        for setting in ("http.receivepack=true", "receive.denyNonFastForwards=true", "gc.auto=0"):
            git(path, "config", *setting.split("="))
        return path

    @contextmanager
    def serving(self):
        with running(self._server):
            yield self

    def _handler(host):  # noqa: N805 -- the handler below is `self` in its own methods
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def log_message(self, *_words) -> None:
                """Tests are quiet."""

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                host.requests.append(f"{self.command} {self.path}")
                if host.hanging is not None:
                    host.hanging.wait(20)
                if host.down:
                    self.send_error(503)
                    return
                wanted = "Basic " + base64.b64encode(host.secret.encode()).decode()
                if host.secret and self.headers.get("Authorization") != wanted:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="git"')
                    self.end_headers()
                    return
                path, _mark, query = self.path.partition("?")
                body = self._body()
                done = subprocess.run(
                    [process.program(), "http-backend"],
                    input=body,
                    capture_output=True,
                    check=False,
                    env={
                        **process.environment(),
                        "PATH": os.environ["PATH"],
                        "GIT_PROJECT_ROOT": str(host.folder),
                        "GIT_HTTP_EXPORT_ALL": "1",
                        "PATH_INFO": path,
                        "QUERY_STRING": query,
                        "REQUEST_METHOD": self.command,
                        "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                        "CONTENT_LENGTH": str(len(body)),
                        "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                        "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                        "REMOTE_USER": "someone",
                        "REMOTE_ADDR": "127.0.0.1",
                    },
                )
                head, _gap, answer = done.stdout.partition(b"\r\n\r\n")
                headers = [line.split(": ", 1) for line in head.decode().splitlines() if ": " in line]
                status = next((int(value.split()[0]) for name, value in headers if name == "Status"), 200)
                self.send_response(status)
                for name, value in headers:
                    if name != "Status":
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def _body(self) -> bytes:
                if self.headers.get("Transfer-Encoding", "") == "chunked":
                    parts = []
                    while size := int(self.rfile.readline().split(b";")[0], 16):
                        parts.append(self.rfile.read(size))
                        self.rfile.readline()
                    self.rfile.readline()
                    return b"".join(parts)
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        return Handler


def git(path: Path | None, *arguments: str, data: bytes | None = None) -> str:
    """One git command by hand, as a technician would type it; its output."""
    place = [f"--git-dir={path}"] if path is not None else []
    who = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@x", "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@x"}
    done = subprocess.run(
        [process.program(), *place, *arguments],
        input=data,
        capture_output=True,
        check=True,
        env={**process.environment(), **who},
    )
    return done.stdout.decode()
