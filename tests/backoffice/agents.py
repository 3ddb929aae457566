"""Agents over HTTP on the real server, its processes and signals: for tests of faults and for the bench."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.backoffice.conftest import PASSWORD, fields_of
from tests.serving import free_port


@dataclass(frozen=True)
class Server:
    """`laureat serve`: its port and its supervisor, which leads a process group of its own."""

    port: int
    supervisor: subprocess.Popen[str]

    def kill(self) -> None:
        """End every process at once, as when the power fails."""
        os.killpg(self.supervisor.pid, signal.SIGKILL)
        self.supervisor.wait()


@contextmanager
def served(folder: Path, *, web: int = 2) -> Iterator[Server]:
    """The server of what lies in `folder`, with `web` web processes."""
    port = free_port()
    command = [sys.executable, "-m", "backoffice.cli", "serve", "--port", str(port), "--web", str(web)]
    environ = {**os.environ, "LAUREAT_VAR": str(folder)}
    with (
        (folder / "log").open("a") as log,
        subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
        ) as supervisor,
    ):
        try:
            if not supervisor.stdout.readline():  # type: ignore[union-attr]  # it is a pipe
                raise AssertionError((folder / "log").read_text())
            yield Server(port, supervisor)
        finally:
            supervisor.terminate()
            with suppress(subprocess.TimeoutExpired):
                supervisor.wait(60)


class Agent:
    """One person with an account: a browser without its screen."""

    def __init__(self, port: int, login: str) -> None:
        self.login = login
        self._port = port
        self._cookies: dict[str, str] = {}

    def sign_in(self) -> None:
        """Open the session."""
        status, _page = self.send("connexion", self.ask("connexion")[1], {"login": self.login, "password": PASSWORD})
        if status != 303:
            raise AssertionError(f"sign-in answered {status}")

    def save(self, record_id: str, changes: Mapping[str, str]) -> int:
        """Open the form of a record, change some fields, save; the status of the answer."""
        page = self.ask(f"fiche/{record_id}")[1]
        return self.send(f"fiche/{record_id}", page, fields_of(page) | dict(changes))[0]

    def send(self, address: str, page: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Send a form with the token of the page it stands on."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        return self.ask(address, {**form, "csrf_token": found[1] if found else ""})

    def ask(self, address: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Status and text of a page of the office."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self._port}"}
            body = urlencode(form)
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=180)) as connection:
            connection.request("GET" if form is None else "POST", f"/gestion/{address}", body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _sign, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, text
