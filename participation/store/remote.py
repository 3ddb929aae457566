"""The second door to git: talking to the repository that several back offices share, over https or ssh.

What a remote sends is not trusted: it arrives in a repository of its own (`Incoming`), is looked at there by
`remote_vetting.py`, and enters the content only afterwards. Nothing is ever pushed by force. Addresses and secrets are
given by the caller; they are in no argument list, no content and no message.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from participation.messages import mark as _
from participation.store import process
from participation.store.errors import StoreError, StoreFull
from participation.store.git import MAIN, PUBLISHED, GitRepo
from participation.store.objects import is_hash
from participation.store.process import of_os_error

SHARED = (MAIN, PUBLISHED)  # what is exchanged
SEEN = {MAIN: "refs/laureat/remote/main", PUBLISHED: "refs/laureat/remote/published"}  # as last seen there
INCOMING = "laureat-incoming"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SCP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!/)[A-Za-z0-9~._/-]+")
_LONGEST = 500  # characters of what a remote says
_TO_RESTORE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


class RemoteError(StoreError):
    """Something between this repository and the remote; `detail` is for the expert's page, never for others."""

    message_text = _("Le dépôt distant n’a pas pu être joint.")
    hint_text = _("Rien n’est perdu\u00a0: les enregistrements attendent ici et partiront à la prochaine tentative.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.message_text, hint=self.hint_text)
        self.detail = detail


class RemoteUnreachable(RemoteError):
    """It does not answer, or not in time: may pass."""


class RemoteDenied(RemoteError):
    """It answers, and does not know us: the secret or the host's key is wrong."""

    message_text = _("Le dépôt distant refuse l’accès.")
    hint_text = _("Vérifiez le secret ou la clé de ce serveur\u202f; les enregistrements attendent ici.")


class RemoteRefused(RemoteError):
    """It will not take what is pushed: a rule of its own, or no room."""

    message_text = _("Le dépôt distant refuse les enregistrements.")
    hint_text = _("Ils attendent ici\u202f; la page de l’expert dit ce qu’il répond.")


class RemoteMoved(RemoteError):
    """Somebody else pushed in between: fetch, unite, push again."""

    message_text = _("Une autre machine a envoyé ses enregistrements au même moment.")
    hint_text = _("Ils seront réunis à la prochaine tentative.")


class RemoteTooLarge(RemoteError):
    """It sends more than this installation takes."""

    message_text = _("Le dépôt distant envoie plus de données que ce serveur n’en accepte.")
    hint_text = _("Rien n’en a été pris\u202f; augmentez LAUREAT_REMOTE_LARGEST si c’est voulu.")


class RemoteFaulty(RemoteError):
    """What it holds cannot be united with the content; `message` says why."""

    message_text = _("Le contenu du dépôt distant est inutilisable.")
    hint_text = _("Rien n’en a été pris, et rien n’y a été forcé\u00a0: corrigez le dépôt distant.")

    def __init__(self, message: str = "", detail: str = "") -> None:
        super().__init__(detail)
        if message:
            self.message = message
            self.args = (message,)


@dataclass(frozen=True, slots=True)
class Remote:
    """Where the shared repository is and how to be let in. Seconds, and bytes of one fetch.

    `address` is `https://host/path`, `ssh://user@host/path` or `user@host:path`; `http` only on this machine.
    `secret` is `user:password` or a token for https; `key` and `known_hosts` are files for ssh.
    """

    address: str
    secret: str = field(default="", repr=False)
    key: Path | None = None
    known_hosts: Path | None = None
    timeout: float = 120.0
    largest: int = 1 << 30

    def __post_init__(self) -> None:
        """Refuse (ValueError) what is no such address, or one with a password in it."""
        if _SCP.fullmatch(self.address):
            return
        parts = urlsplit(self.address)
        plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not (parts.scheme in ("https", "ssh") or plain) or not parts.hostname or parts.hostname.startswith("-"):
            raise ValueError("an https:// or ssh:// address, or user@host:path")
        if parts.password is not None or (parts.username and parts.scheme != "ssh"):
            raise ValueError("no user or password in the address: they belong into the file of the secret")
        if any(character.isspace() or ord(character) < 32 for character in self.address) or parts.query:
            raise ValueError("no spaces and no query in the address")

    @property
    def shown(self) -> str:
        """The address as the expert reads it."""
        return self.address


# Only these ways out; no redirection (the secret would follow it); no helper, no window that asks for a password.
_RULES = (
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.ssh.allow=always",
    "http.followRedirects=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "credential.helper=",
    "fetch.fsckObjects=true",
    "transfer.unpackLimit=1",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
    "push.followTags=false",
)


def _environment(remote: Remote) -> dict[str, str]:
    found = {**process.environment(), "GIT_ASKPASS": "", "SSH_ASKPASS": "", "GIT_PROTOCOL_FROM_USER": "0"}
    ssh = ["ssh", "-F", os.devnull, "-oBatchMode=yes", "-oConnectTimeout=20", "-oStrictHostKeyChecking=yes"]
    ssh += ["-oClearAllForwardings=yes", "-oServerAliveInterval=15", "-oServerAliveCountMax=2"]
    if remote.known_hosts is not None:
        ssh += [f"-oUserKnownHostsFile={remote.known_hosts}", f"-oGlobalKnownHostsFile={os.devnull}"]
    if remote.key is not None:
        ssh += ["-i", str(remote.key), "-oIdentitiesOnly=yes"]
    found["GIT_SSH_COMMAND"] = shlex.join(ssh)
    if remote.secret and remote.address.startswith("http"):
        pair = remote.secret if ":" in remote.secret else f"laureat:{remote.secret}"
        header = "Authorization: Basic " + base64.b64encode(pair.encode()).decode()
        # In the environment, which only this user may read; an argument list is everybody's.
        found |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader", "GIT_CONFIG_VALUE_0": header}
    return found


def _run(git_dir: Path, remote: Remote, arguments: Sequence[str], *, largest: int) -> bytes:
    """One command that talks to the remote; killed with everything it started when the time is over.

    `largest` limits, in bytes, every file that the command writes, its answer included.
    """
    rules = [*_RULES, *(["protocol.http.allow=always"] if remote.address.startswith("http:") else [])]
    settings = [part for rule in rules for part in ("-c", rule)]
    told = process.command(git_dir, [*settings, *arguments])
    limited = ["/bin/sh", "-c", 'ulimit -f "$1"; shift; exec "$@"', "sh", str(max(1, largest // 512)), *told]
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as words:
        try:
            running = subprocess.Popen(
                limited,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=words,
                env=_environment(remote),
                cwd=git_dir,
                start_new_session=True,
            )
        except OSError as refused:
            raise of_os_error(refused, str(git_dir)) from refused
        try:
            status = running.wait(remote.timeout)
        except subprocess.TimeoutExpired:
            _end(running)
            raise RemoteUnreachable(f"git {arguments[0]}: no end after {remote.timeout:g} s") from None
        except BaseException:
            _end(running)
            raise
        answer.seek(0)
        words.seek(0)
        complaint = words.read(1 << 20).decode("utf-8", "replace")
        if status:
            raise _failure(status, complaint + answer.read(1 << 16).decode("utf-8", "replace"))
        return answer.read()


def _end(running: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _failure(status: int, words: str) -> StoreError:
    detail = clean(words)
    low = words.lower()
    # A pack that passes the limit ends the process that writes it, which then says nothing of its own.
    silent = "invalid index-pack output" in low and "eof" not in low and "error" not in low
    if silent or status in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ) or "file too large" in low:
        return RemoteTooLarge(detail)
    if "no space left" in low or "disk quota" in low:
        return RemoteRefused(detail) if "remote:" in low else StoreFull(detail)
    if "non-fast-forward" in low or "fetch first" in low or "stale info" in low or "cannot lock ref" in low:
        return RemoteMoved(detail)
    if "remote rejected" in low or "pre-receive hook declined" in low:
        return RemoteRefused(detail)
    if any(
        text in low
        for text in (
            "authentication failed",
            "could not read username",
            "permission denied",
            "host key verification failed",
            "returned error: 401",
            "returned error: 403",
        )
    ):
        return RemoteDenied(detail)
    if "fsck error" in low or "bad object" in low or "error in object" in low:
        return RemoteFaulty("", detail)
    return RemoteUnreachable(detail)


def clean(words: str) -> str:
    """What another machine said, fit to be shown: no control characters, not too long."""
    lines = [_TO_RESTORE.sub("", line).strip() for line in words.replace("\r", "\n").splitlines()]
    return "\n".join(line for line in lines if line)[:_LONGEST]


def look(repo: GitRepo, remote: Remote) -> dict[str, str]:
    """Where the shared references are in the remote; those it does not have are absent."""
    output = _run(repo.path, remote, ["ls-remote", "--refs", "--", remote.address, *SHARED], largest=1 << 20)
    found = {}
    for line in output.decode("utf-8", "replace").splitlines():
        commit, _tab, name = line.partition("\t")
        if name in SHARED and is_hash(commit):
            found[name] = commit
    return found


@contextlib.contextmanager
def incoming(repo: GitRepo, remote: Remote, wanted: Mapping[str, str]) -> Iterator[GitRepo]:
    """Fetch these references into a repository of their own that also sees the content; thrown away at the end.

    Its references are named as in the remote. `accept` takes its objects over.
    """
    place = repo.path / INCOMING
    shutil.rmtree(place, ignore_errors=True)
    try:
        with GitRepo.init_bare(place) as arrived:
            # What is here need not be sent again: git tells the remote what its alternates have.
            (place / "objects" / "info" / "alternates").write_text(f"{repo.path / 'objects'}\n", encoding="utf-8")
            specs = [f"+{name}:{name}" for name in wanted]
            options = ["--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--quiet"]
            _run(place, remote, ["fetch", *options, "--", remote.address, *specs], largest=remote.largest)
            yield arrived
    except OSError as refused:
        raise of_os_error(refused, str(place)) from refused
    finally:
        shutil.rmtree(place, ignore_errors=True)


def accept(repo: GitRepo, arrived: GitRepo) -> None:
    """Take over the objects that arrived: a pack is readable only once its index stands beside it."""
    came, ours = arrived.path / "objects" / "pack", repo.path / "objects" / "pack"
    try:
        ours.mkdir(parents=True, exist_ok=True)
        for ending in (".rev", ".pack", ".idx"):
            for file in sorted(came.glob(f"pack-*{ending}")):
                file.replace(ours / file.name)
        descriptor = os.open(ours, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as refused:
        raise of_os_error(refused, str(ours)) from refused


def note(repo: GitRepo, reference: str, commit: str) -> None:
    """Remember where a reference of the remote is."""
    seen = SEEN[reference]
    before = repo.resolve(seen)
    if before != commit:
        repo.compare_and_swap(seen, commit, before, "remote")


def push(repo: GitRepo, remote: Remote, wanted: Mapping[str, str]) -> None:
    """Move the remote's references to these commits, forward only; RemoteMoved when it went elsewhere meanwhile."""
    specs = [f"{commit}:{name}" for name, commit in wanted.items()]
    options = ["--porcelain", "--no-verify", "--no-signed", "--quiet"]
    _run(repo.path, remote, ["push", *options, "--", remote.address, *specs], largest=remote.largest)
    for name, commit in wanted.items():
        note(repo, name, commit)


def merge_base(repo: GitRepo, one: str, other: str) -> str | None:
    """The newest commit that both come from; None when they have nothing in common."""
    found = process.run(repo.path, ["rev-list", "--max-count=1", "--end-of-options", one, f"^{other}"])
    if not found.strip():
        return one  # the other one has all of it
    try:
        return process.run(repo.path, ["merge-base", "--end-of-options", one, other]).decode().split()[0]
    except StoreError as none:
        if "git exit 1:" in getattr(none, "detail", ""):
            return None
        raise


def lacking(repo: GitRepo, start: str, exclude: str | None, *, saves: bool = False) -> int:
    """How many commits `start` has that `exclude` has not; with `saves`, those by which somebody saved something."""
    arguments = [start, *([f"^{exclude}"] if exclude else [])]
    only = ["--no-merges", "--grep=^Action: restyle$", "--invert-grep"] if saves else []
    return int(process.run(repo.path, ["rev-list", "--count", *only, "--end-of-options", *arguments]) or 0)
