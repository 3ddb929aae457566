"""Views of the expert's page, for administrators. What takes time is asked of the worker."""

from __future__ import annotations

import datetime as dt
import platform
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import make_url
from werkzeug.wrappers.response import Response

from backoffice.audit.noting import note
from backoffice.i18n import _, language
from backoffice.jobs import queue
from backoffice.jobs.kinds import DOCTOR, EXCHANGE
from backoffice.registry import facts
from backoffice.registry.schema import Job
from backoffice.services import account, now, services
from backoffice.sharing import state
from participation import messages, wording
from participation.messages import mark
from participation.problems import LaureatError
from participation.store import process
from participation.store.git import MAIN, PUBLISHED

bp = Blueprint("expert", __name__)

MOST_JOBS = 25
LITTLE = 0.1  # of a disk that is left
MOST_KEY = 4_000  # characters of a public key
_PUBLIC_KEY = re.compile(r"(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+(?: [^\n]*)?")

# Every kind of work in the words of the page.
WORK = {
    "publish": mark("Publication"),
    "rollback": mark("Retour à une publication précédente"),
    "search": mark("Index de recherche"),
    "data": mark("Fichiers de données ouvertes"),
    "sharing": mark("Images à partager"),
    "weighing": mark("Poids des pages"),
    "maintenance": mark("Ménage du registre"),
    "exchange": mark("Échange avec le dépôt distant"),
    "show": mark("Publication venue d’une autre machine"),
    "doctor": mark("Examen du dépôt"),
    "withdrawal": mark("Retrait d’un nom du site"),
    "importing": mark("Lecture ou import d’un tableau"),
    "freeze": mark("Règle d’un vote figée"),
    "ballots": mark("Lecture de bulletins"),
    "count": mark("Dépouillement"),
    "simulate": mark("Essai d’une autre règle"),
}


@dataclass(frozen=True, slots=True)
class Disk:
    """One place on a disk: bytes used by ours (None: not measured yet), free, and whether little is left."""

    words: str
    path: Path
    used: int | None
    free: int
    little: bool


@bp.get("/expert")
def show() -> str:
    """Everything that a technician asks first."""
    settings, registry = services().settings, services().registry
    examined = queue.last_finished(registry, DOCTOR)
    result: dict[str, Any] = (examined.result or {}) if examined is not None else {}
    return render_template(
        "expert/show.html",
        facts=_facts(),
        versions=_versions(),
        remote=state.current(),
        address=settings.remote,
        public_key=_public_key(settings.remote_key),
        folder=settings.content.parent,
        examined=examined,
        findings=[
            (one, " ".join(messages.told(words, _) for words in one["words"])) for one in result.get("findings", ())
        ],
        examining=queue.running(registry, now(), DOCTOR) is not None,
        backup=_backup(),
        jobs=[(job, _why(job)) for job in queue.latest(registry, MOST_JOBS)],
        states=_states(),
        work=WORK,
        disks=_disks(result.get("sizes", {})),
        size=_size,
    )


@bp.post("/expert/echange")
def retry() -> Response:
    """Talk to the remote now, without waiting for the next attempt."""
    if services().settings.remote:
        queue.ask_once(services().registry, EXCHANGE, {}, now(), account_id=account().id)
        flash(_("L’échange est demandé ; rechargez la page dans un instant."))
    return redirect(url_for("expert.show"), 303)


@bp.post("/expert/examen")
def examine() -> Response:
    """Ask for the doctor, who mends only where that was asked for."""
    repair = request.form.get("repair") == "1"
    queue.ask_once(services().registry, DOCTOR, {"repair": repair}, now(), account_id=account().id)
    if repair:
        note("repaired", "content")
    flash(_("L’examen est demandé ; rechargez la page dans un instant."))
    return redirect(url_for("expert.show"), 303)


def _facts() -> list[tuple[str, str]]:
    """The repository and where its references stand."""
    settings, content = services().settings, services().content
    found = [(_("Dépôt Git des contenus"), str(settings.content)), (_("Dossier du site"), str(settings.site))]
    try:
        with content.store.repo() as repo:
            found += [(name, repo.resolve(name) or _("absente")) for name in (MAIN, PUBLISHED)]
    except LaureatError as failure:
        found.append((_("Dépôt Git des contenus"), _(failure.message)))
    if settings.office:
        found.append((_("Numéro de ce serveur"), str(settings.office)))
    return found


def _versions() -> list[tuple[str, str]]:
    engine = services().registry.engine.dialect
    server = ".".join(map(str, engine.server_version_info or ()))
    git = process.run(services().settings.content, ["--version"]).decode().strip() if _has_content() else ""
    backend = make_url(services().settings.registry).get_backend_name()
    return [
        ("Lauréat", metadata.version("laureat")),
        ("Python", platform.python_version()),
        ("Git", git.removeprefix("git version ")),
        (_("Registre"), f"{'PostgreSQL' if backend == 'postgresql' else 'SQLite'} {server}".strip()),
    ]


def _public_key(private: Path | None) -> str:
    """The public half of the key for ssh, which `ssh-keygen` wrote beside it; the private one is never read here."""
    if private is None:
        return ""
    try:
        with Path(f"{private}.pub").open(encoding="ascii") as file:
            line = file.read(MOST_KEY).strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return line if _PUBLIC_KEY.fullmatch(line) else ""


def _has_content() -> bool:
    return services().settings.content.is_dir()


def _backup() -> tuple[dt.datetime, dict[str, Any]] | None:
    fact = facts.read(services().registry, facts.BACKUP)
    return (dt.datetime.fromisoformat(fact["at"]), fact) if fact.get("at") else None


def _why(job: Job) -> str:
    """How a job ended, in the words that it left."""
    left = (job.result or {}).get("words", ())
    return _said(left) if left else _(job.error)


def _said(stored: Iterable[Mapping[str, Any]]) -> str:
    """Sentences that a job left, in the language of whoever reads."""
    return " ".join(messages.told(one, _) for one in stored)


def _states() -> dict[str, str]:
    return {
        queue.WAITING: _("en attente"),
        queue.RUNNING: _("en cours"),
        queue.DONE: _("fait"),
        queue.FAILED: _("échec"),
        queue.CANCELLED: _("annulé"),
    }


def _disks(sizes: dict[str, int]) -> list[Disk]:
    settings = services().settings
    found = []
    for name, words, path in (
        ("content", _("Contenus"), settings.content),
        ("site", _("Site public"), settings.site),
    ):
        there = next(one for one in (path, *path.parents) if one.exists())
        usage = shutil.disk_usage(there)
        found.append(Disk(words, path, sizes.get(name), usage.free, usage.free < LITTLE * usage.total))
    return found


def _size(count: int | None) -> str:
    return _("pas encore mesuré") if count is None else wording.size(count, language())
