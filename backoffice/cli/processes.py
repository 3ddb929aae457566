"""Web processes and worker, started together, watched, and stopped together: what `serve` and `demo` share.

What a web process answers is in `backoffice.app`, what the worker does in `backoffice.worker`. Each child is a fresh
interpreter that is handed the settings, so no environment has to be prepared for it.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Any

from backoffice.settings import Settings
from participation.problems import LaureatError

GRACE = 30.0  # seconds for requests and a step of a job to end well
FIRST_DELAY = 1.0  # seconds before a fallen worker is started again; doubles each time
LONGEST_DELAY = 60.0
START = 60.0  # seconds for the web processes to answer


class CannotListenError(LaureatError):
    """The address is taken or is not this machine's."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the web processes listen, and how many there are with how many threads each."""

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 2
    threads: int = 4

    @property
    def address(self) -> str:
        """As a browser takes it, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class _StopAsked(Exception):
    """SIGTERM or SIGINT reached the supervisor."""


def serve(settings: Settings, listening: Listening, ready: Callable[[], None]) -> int:
    """Run web processes and worker until a signal stops them; `ready` is called when pages are answered.

    Returns 0 after a signal, 1 when the web processes ended by themselves. Raises CannotListenError.
    """
    check_free(listening)
    children: dict[str, SpawnProcess] = {}
    with _signals():
        try:
            children["web"] = _start(_web, settings, listening)
            children["worker"] = _start(_worker, settings)
            if _answers(children["web"], listening):
                ready()
            _watch(children, settings)
        except _StopAsked:
            return 0
        finally:
            _stop(children)
    return 1


def check_free(listening: Listening) -> None:
    """Raise CannotListenError, in words, rather than let a child fail with a traceback."""
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listening.host, listening.port))
        except OSError as refusal:
            raise CannotListenError(
                f"Cannot listen on {listening.host}:{listening.port}: {refusal.strerror}.",
                hint="Choose another port with --port (make run PORT=8001).",
            ) from refusal


def _watch(children: dict[str, SpawnProcess], settings: Settings) -> None:
    """Return when the web processes have ended; a worker that falls is started again, later and later."""
    delay = FIRST_DELAY
    while True:
        started = time.monotonic()
        wait([child.sentinel for child in children.values()])
        if not children["web"].is_alive():
            return
        if time.monotonic() - started > LONGEST_DELAY:
            delay = FIRST_DELAY
        time.sleep(delay)
        delay = min(delay * 2, LONGEST_DELAY)
        children["worker"] = _start(_worker, settings)


def _answers(web: SpawnProcess, listening: Listening) -> bool:
    """True as soon as a connection is taken; False when the web processes fell or take too long."""
    until = time.monotonic() + START
    while web.is_alive() and time.monotonic() < until:
        try:
            socket.create_connection((listening.host, listening.port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _start(run: Callable[..., None], *arguments: object) -> SpawnProcess:
    # spawn, not fork: a child inherits no open database nor lock of this process.
    child = multiprocessing.get_context("spawn").Process(target=run, args=arguments, name=run.__name__.strip("_"))
    child.start()
    return child


def _stop(children: dict[str, SpawnProcess]) -> None:
    for child in children.values():
        child.terminate()
    until = time.monotonic() + GRACE
    for child in children.values():
        child.join(max(0.0, until - time.monotonic()))
        if child.is_alive():
            child.kill()
            child.join()


@contextmanager
def _signals() -> Iterator[None]:
    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        for number in kept:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C does not interrupt an orderly end
        raise _StopAsked

    kept = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _web(settings: Settings, listening: Listening) -> None:
    """The master of the web processes; ends on SIGTERM when the requests under way are answered."""
    from gunicorn.app.base import BaseApplication

    from backoffice import compiled
    from backoffice.app import create_app
    from backoffice.media.keeping import shelf
    from backoffice.services import KEY
    from participation.problems import LaureatError

    def warm(worker: Any) -> None:
        compiled.warm(worker.wsgi)
        content = worker.wsgi.extensions[KEY].content
        with suppress(LaureatError):  # told by the pages
            shelf(content)
        content.warm()

    class Application(BaseApplication):
        def load_config(self) -> None:
            for name, value in {
                "bind": f"{listening.host}:{listening.port}",
                "workers": listening.processes,
                "threads": listening.threads,
                "worker_class": "gthread",
                "graceful_timeout": int(GRACE) - 5,
                "timeout": 120,
                "loglevel": "warning",
                "control_socket_disable": True,
                "post_worker_init": warm,
                "proc_name": "laureat",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Any:  # gunicorn's types ask for more than WSGI promises
            return create_app(settings)

    log_to_stderr()
    _follow_parent()
    Application().run()


def _worker(settings: Settings) -> None:
    """The one process that does what takes time."""
    from backoffice.worker import run

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the supervisor tells with SIGTERM
    log_to_stderr()
    _follow_parent()
    run(settings)


def log_to_stderr() -> None:
    """The log of a process that serves: one line an event, with the reference numbers that pages show."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")


def _follow_parent() -> None:
    """End when the supervisor was killed without a chance to say so."""
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, name="follow-parent", daemon=True).start()
