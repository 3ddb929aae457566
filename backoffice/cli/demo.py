"""`laureat demo`: the fictitious town, its accounts and its published site, served on one loopback port.

Everything lies in one folder (`var/demo`) that later runs find again; `--fresh` starts over. The content that ships
with the program is copied into a repository of its own and never written to.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from backoffice.cli import serve
from backoffice.cli.demo_people import make_people
from participation.problems import LaureatError

if TYPE_CHECKING:  # the registry takes a while to import
    from backoffice.registry import Registry

FOLDER = Path("var/demo")
MARK = "demonstration.txt"  # holds the accounts, and tells that the folder may be thrown away
PATIENCE = 120.0  # seconds for the first publication


class Person(NamedTuple):
    """A demonstration account; the passwords are made on each machine."""

    login: str
    name: str
    role: str


PEOPLE = (
    Person("administration@demo.example", "Ada (administration)", "administrator"),
    Person("publication@demo.example", "Paul (publication)", "publisher"),
    Person("redaction@demo.example", "Rachel (rédaction)", "editor"),
    Person("lecture@demo.example", "Léo (lecture)", "reader"),
)


class NotADemonstrationError(LaureatError):
    """`--fresh` would throw away a folder that no demonstration has made."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "demo",
        help="serve the demonstration town, accounts included",
        description="Copy the demonstration town into a repository, make accounts, publish and serve the site.",
    )
    serve.listening(parser)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where all of it lies (default: %(default)s)")
    parser.add_argument("--fresh", action="store_true", help="throw the folder away first")


def run(args: argparse.Namespace) -> int:
    """Prepare what is missing, then serve until a signal."""
    from backoffice.cli.processes import Listening, check_free
    from backoffice.cli.processes import serve as serve_until_stopped
    from backoffice.registry import Registry
    from backoffice.settings import Settings
    from site_builder.shipped import TOWN

    where = Listening(args.host, args.port, args.web)
    check_free(where)
    folder: Path = args.folder.absolute()
    if args.fresh:
        throw_away(folder)
    settings = Settings.from_environment({"LAUREAT_VAR": str(folder)})
    now = dt.datetime.now(dt.UTC)
    if not settings.content.exists():
        print("Copying the town into its repository…", flush=True)
        copy_town(TOWN, settings.content, now)
    registry = Registry(settings.registry)
    try:
        accounts = make_accounts(registry, folder / MARK, now)
        make_people(registry, now)
        publication = first_publication(registry, settings.content, now)

        def ready() -> None:
            if publication is not None:
                print("Building and publishing the site…", flush=True)
                print(wait_for(registry, publication))
            print(
                f"\nPublic site  {where.address}/\nOffice       {where.address}{settings.base_path}/\n\n{accounts}"
                "\nCtrl-C stops it; laureat demo --fresh starts over.",
                flush=True,
            )

        return serve_until_stopped(settings, where, ready)
    finally:
        registry.close()


def throw_away(folder: Path) -> None:
    """Remove what earlier demonstrations left. Raises NotADemonstrationError for any other folder."""
    if not folder.exists():
        return
    if not (folder / MARK).is_file():
        raise NotADemonstrationError(
            f"{folder} holds no demonstration: nothing was removed.", hint="Choose another folder with --folder."
        )
    shutil.rmtree(folder)


def copy_town(town: Path, repository: Path, now: dt.datetime) -> None:
    """Make a bare repository whose first commit holds the files of `town`; all of it or nothing."""
    from participation.store.starting import plant

    files = {
        path.relative_to(town).as_posix(): path.read_bytes()
        for path in sorted(town.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(town).parts)
    }
    plant(repository, files, "Ville de démonstration.", author="laureat", when=now)


def make_accounts(registry: Registry, kept: Path, now: dt.datetime) -> str:
    """Make the accounts that are missing; gives what to print. Passwords are found again in `kept` (mode 0600)."""
    from backoffice.registry import accounts

    known = {account.login for account in accounts.everyone(registry)}
    if kept.is_file() and all(person.login in known for person in PEOPLE):
        return kept.read_text(encoding="utf-8")
    lines = ["Demonstration accounts (login, password, role)\n"]
    for person in PEOPLE:
        password = accounts.new_password()
        found = accounts.find(registry, person.login)
        if found is None:
            accounts.create(registry, person.login, person.name, person.role, password, now)
        else:  # interrupted between the accounts and the file that holds their passwords
            accounts.set_password(registry, found.id, password)
        lines.append(f"  {person.login:30} {password}   {person.role}\n")
    draft = kept.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text("".join(lines), encoding="utf-8")
    draft.replace(kept)
    return "".join(lines)


def first_publication(registry: Registry, content: Path, now: dt.datetime) -> int | None:
    """Ask the worker for it, as the office does; the number of the job, None when the town was published before.

    What visitors of the demonstration have saved since then waits for them: saving is not publishing.
    """
    from backoffice.jobs import kinds, queue
    from participation.store.store import open_store

    if open_store(content).published() is not None:
        return None
    return queue.ask_once(registry, kinds.PUBLISH, {}, now).id


def wait_for(registry: Registry, job: int) -> str:
    """Wait for the end of that job and tell it; what stopped a publication can also be read in the office."""
    from backoffice.jobs import queue

    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = queue.find(registry, job)
        if found is not None and found.state == queue.DONE:
            return "The site is published."
        if found is not None and found.state == queue.FAILED:
            return f"The site could not be published: {found.error}"
        time.sleep(0.2)
    return "The site is still being published; the office shows how far it is."
