"""The one door to git: reading objects, writing commits, moving references by compare-and-swap.

The only module that imports GitPython, and the only one that knows git's commands. It knows nothing of records.
Opened and closed per use, `with GitRepo(path) as repo`: GitPython leaks processes when kept open.

Two ways lead to git. What every save and publication does (read objects, write objects, move a reference) goes through
`process.py` and `objects.py`: three processes for a save. GitPython does the rest (making a repository, history,
checks, packing); importing it takes 150 ms, three quarters of what a publication may take from the command line, so
it is imported when first used. Revisions are full hashes; options end before data; hooks, prompts and other people's
settings are off.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from participation.messages import mark as _
from participation.store import process
from participation.store.errors import NotAContentRepository, RevisionUnknown, StoreBusy, StoreDamaged
from participation.store.objects import (
    EMPTY_TREE,
    FILE,
    FOLDER,
    Commit,
    Folder,
    NewObject,
    Node,
    format_commit,
    format_tree,
    in_order,
    is_hash,
    pack,
    parse_commit,
    parse_tree,
)

if TYPE_CHECKING:
    from git import Repo

MAIN = "refs/heads/main"
PUBLISHED = "refs/laureat/published"
SERVICE = "Lauréat <service@laureat.invalid>"
ADDRESS = "laureat.invalid"  # a reserved name: nobody's mail
_REFERENCE = re.compile(r"refs/[a-z]+(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+")
_PSEUDONYM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
_LOOSE_AT_MOST = 200  # objects: more than that are kept together, as one pack
_SLOW = 600.0  # seconds, for checks and packing
_MEMO = 4096  # trees

NewFile = bytes | str | Node | None  # what a file becomes: see `GitRepo.build`


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file of a commit: path with `/`, git's mode, blob hash."""

    path: str
    mode: int
    blob: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One file that differs between two trees; None on the side where it is not."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit of a log with the files it changed against its first parent."""

    commit: str
    author: str
    when: dt.datetime
    message: str
    changes: tuple[Changed, ...]


def _packed(lines: Iterable[str], reference: str) -> str:
    return next((line[: -len(reference) - 1] for line in lines if line.endswith(f" {reference}")), "")


class GitRepo:
    """A bare repository in use. `trees` is a memory of trees by hash that several uses may share."""

    def __init__(self, path: Path, trees: dict[str, Folder] | None = None) -> None:
        self.path = Path(path).absolute()  # git runs inside the repository
        self._trees: dict[str, Folder] = {} if trees is None else trees
        self._reader: process.ObjectReader | None = None
        self._porcelain: Repo | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that reading has started."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._porcelain is not None:
            self._porcelain.close()
            self._porcelain = None

    @staticmethod
    def is_repository(path: Path) -> bool:
        """True when the folder looks like a bare repository; no process is started."""
        return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()

    @classmethod
    def init_bare(cls, path: Path, branch: str = "main") -> GitRepo:
        """Make an empty bare repository with these settings written down for whoever uses it by hand."""
        from git import Repo  # noqa: PLC0415  # imported where needed: see the top

        try:
            path.mkdir(parents=True, exist_ok=True)
            with (
                Repo.init(path, bare=True, initial_branch=branch, env=process.environment()) as repo,
                repo.config_writer() as settings,
            ):
                settings.set_value("core", "logAllRefUpdates", "always")
                settings.set_value("core", "fsync", "committed,loose-object,reference")
                settings.set_value("gc", "auto", "0")
                settings.set_value("receive", "denyNonFastForwards", "true")
                settings.set_value("receive", "denyDeletes", "true")
        except OSError as refused:
            raise process.of_os_error(refused, str(path)) from refused
        return cls(path)

    # ------------------------------------------------------------------------------------------------ reading

    def _read(self, names: Iterable[str]) -> Iterator[tuple[str, str, bytes] | None]:
        if self._reader is None:
            if not self.is_repository(self.path):
                raise NotAContentRepository(str(self.path))
            self._reader = process.ObjectReader(self.path)
        return self._reader.read(names)

    def _object(self, name: str, kind: str) -> tuple[str, bytes]:
        found = next(iter(list(self._read([name]))))
        if found is None or found[1] != kind:
            raise RevisionUnknown(name)
        return found[0], found[2]

    def resolve(self, reference: str) -> str | None:
        """The commit that `refs/…` points at, or None when there is no such reference."""
        if not _REFERENCE.fullmatch(reference):
            raise RevisionUnknown(reference)
        if (written := self._written(reference)) is not None:
            return written
        found = next(iter(list(self._read([reference]))))
        if found is not None and not is_hash(found[0]):
            raise NotAContentRepository(
                str(self.path), _("Il nomme ses objets en SHA-256, ce qui n’est pas pris en charge.")
            )
        return None if found is None else found[0]

    def _written(self, reference: str) -> str | None:
        """What the files of references say, without a process; None where only Git can tell."""
        for file in (reference, "packed-refs"):
            try:
                lines = (self.path / file).read_text(encoding="ascii").split("\n")
            except (OSError, ValueError):
                continue
            found = lines[0] if file == reference else _packed(lines, reference)
            return found if is_hash(found) else None
        return None

    def commit(self, commit_hash: str) -> Commit:
        """One commit, read."""
        name, body = self._object(checked(commit_hash), "commit")
        return parse_commit(name, body)

    def blob(self, blob_hash: str) -> bytes:
        """The bytes of one file."""
        return self._object(checked(blob_hash), "blob")[1]

    def blobs(self, hashes: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of many files, streamed in the order asked for."""
        for found in self._read(checked(one) for one in hashes):
            if found is None:
                raise StoreDamaged("a file of the tree is missing")
            yield found[0], found[2]

    def folder(self, tree_hash: str) -> Folder:
        """The entries of one tree; not to be modified, it is shared."""
        known = self._trees.get(tree_hash)
        if known is None:
            known = {} if tree_hash == EMPTY_TREE else parse_tree(self._object(checked(tree_hash), "tree")[1])
            if len(self._trees) >= _MEMO:
                self._trees.clear()
            self._trees[tree_hash] = known
        return known

    def lookup(self, tree_hash: str, path: str) -> Node | None:
        """The entry at `path` below a tree, reading only the folders on the way."""
        *folders, name = path.split("/")
        for part in folders:
            node = self.folder(tree_hash).get(part)
            if node is None or not node.is_folder:
                return None
            tree_hash = node.hash
        return self.folder(tree_hash).get(name)

    def entries(self, tree_hash: str, prefix: str = "") -> Iterator[TreeEntry]:
        """All files below a tree, in git's order."""
        for name, node in self.folder(tree_hash).items():
            path = f"{prefix}{name}"
            if node.is_folder:
                yield from self.entries(node.hash, f"{path}/")
            else:
                yield TreeEntry(path, node.mode, node.hash)

    def tree(self, commit_hash: str) -> list[TreeEntry]:
        """All files of a commit."""
        return list(self.entries(self.commit(commit_hash).tree))

    def diff(self, old_tree: str, new_tree: str, prefix: str = "") -> Iterator[Changed]:
        """The files that differ between two trees; folders that are the same are not even read."""
        if old_tree == new_tree:
            return
        old, new = self.folder(old_tree), self.folder(new_tree)
        for name in sorted(old.keys() | new.keys()):
            before, after = old.get(name), new.get(name)
            if before == after:
                continue
            path = f"{prefix}{name}"
            old_folder = before.hash if before and before.is_folder else EMPTY_TREE
            new_folder = after.hash if after and after.is_folder else EMPTY_TREE
            yield from self.diff(old_folder, new_folder, f"{path}/")
            old_blob = before.hash if before and not before.is_folder else None
            new_blob = after.hash if after and not after.is_folder else None
            if old_blob != new_blob:
                yield Changed(path, old_blob, new_blob)

    # ------------------------------------------------------------------------------------------------ writing

    def build(self, tree_hash: str, changes: Mapping[str, NewFile]) -> tuple[str, list[NewObject]]:
        """The tree with these files changed, and the new objects that it needs, lowest first.

        A change is the file's bytes, the hash of a blob (or the whole entry) that is already there, or None to
        remove the file. Folders left empty vanish. Only the folders on the way to a change are read.
        """
        below: dict[str, dict[str, NewFile]] = {}
        here: dict[str, NewFile] = {}
        for path, change in changes.items():
            first, slash, rest = path.partition("/")
            if first in ("", ".", "..", ".git") or (slash and not rest):
                raise ValueError(path)
            if slash:
                below.setdefault(first, {})[rest] = change
            else:
                here[first] = change
        new: list[NewObject] = []
        entries = dict(self.folder(tree_hash))
        for name, inner in below.items():
            node = entries.get(name)
            inner_hash, inner_new = self.build(node.hash if node and node.is_folder else EMPTY_TREE, inner)
            new += inner_new
            if inner_hash == EMPTY_TREE:
                if node is None or node.is_folder:
                    entries.pop(name, None)
            else:
                entries[name] = Node(FOLDER, inner_hash)
        for name, change in here.items():
            if change is None:
                entries.pop(name, None)
            elif isinstance(change, Node):
                entries[name] = change
            elif isinstance(change, str):
                entries[name] = Node(FILE, checked(change))
            else:
                blob = NewObject.of("blob", change)
                new.append(blob)
                entries[name] = Node(FILE, blob.hash)
        entries = in_order(entries)
        tree = NewObject.of("tree", format_tree(entries))
        if tree.hash != tree_hash:
            new.append(tree)
            self._trees[tree.hash] = entries
        return tree.hash, new

    def write_commit(
        self,
        tree_hash: str,
        new: Sequence[NewObject],
        parents: Sequence[str],
        message: str,
        author: str,
        when: dt.datetime,
    ) -> str:
        """Store the new objects and a commit of that tree, flushed to disk; its hash. No reference moves."""
        body = format_commit(tree_hash, [checked(one) for one in parents], signature(author), SERVICE, when, message)
        commit = NewObject.of("commit", body)
        self._store([*new, commit])
        return commit.hash

    def _store(self, new: list[NewObject]) -> None:
        unique = list({item.hash: item for item in new}.values())
        if len(unique) > _LOOSE_AT_MOST:
            process.run(self.path, ["index-pack", "--stdin", "--fix-thin"], data=pack(unique, level=1), timeout=_SLOW)
        else:  # git compresses them again as single files, so the way there need not be compressed
            process.run(self.path, ["unpack-objects", "-q"], data=pack(unique, level=0))

    def compare_and_swap(self, reference: str, new: str, old: str | None, why: str = "") -> None:
        """Move a reference from `old` (None: it does not exist) to `new`; ReferenceMoved when it is elsewhere."""
        if not _REFERENCE.fullmatch(reference):
            raise RevisionUnknown(reference)
        expected = "0" * 40 if old is None else checked(old)
        process.run(
            self.path,
            ["update-ref", "-m", why or "laureat", "--no-deref", "--end-of-options", reference, checked(new), expected],
        )

    # ------------------------------------------------------------------------------------------------ GitPython

    def _git(self, name: str, *arguments: str, timeout: float = process.READ_TIMEOUT, failing_ok: bool = False) -> str:
        """One git command through GitPython; its output, bytes that are no UTF-8 kept as surrogates."""
        from git import Repo  # noqa: PLC0415  # imported where needed: see the top
        from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError  # noqa: PLC0415  # as above

        try:
            if self._porcelain is None:
                self._porcelain = Repo(self.path)
                self._porcelain.git.update_environment(**process.environment(), GIT_DIR=str(self.path))
            git = self._porcelain.git
            status, output, words = git.execute(
                process.command(self.path, [name, *arguments]),
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                kill_after_timeout=timeout,
            )
        except (InvalidGitRepositoryError, NoSuchPathError) as missing:
            raise NotAContentRepository(str(self.path)) from missing
        except GitCommandError as refused:
            raise StoreDamaged(str(refused)) from refused
        if status and "Timeout: the command" in words:
            raise StoreBusy(words)
        if status and not failing_ok:
            raise process.failure(status, words, str(self.path))
        text = output.decode("utf-8", "surrogateescape")
        return f"{text}\n{words}" if failing_ok else text

    def log(
        self,
        start: str,
        path: str | None = None,
        *,
        limit: int | None = None,
        skip: int = 0,
        first_parent: bool = False,
        grep: str | None = None,
        removed: bool = False,
        author: str | None = None,
    ) -> list[LogEntry]:
        """Commits reachable from `start`, newest first, those that changed `path` only when one is given.

        `grep` keeps commits whose message has a line matching that basic regular expression, `removed` those that
        removed a file; `author` keeps those of one pseudonym.
        """
        options = ["-z", "--raw", "--no-abbrev", "--no-renames", "--no-color", "--format=%H%n%an%n%aI%n%B"]
        options += [f"--skip={int(skip)}"] if skip else []
        options += [f"--max-count={int(limit)}"] if limit is not None else []
        # Of a commit that unites two sides: only the files that both had changed.
        options += ["--first-parent", "--diff-merges=first-parent"] if first_parent else ["--diff-merges=combined"]
        options += [f"--grep={grep}"] if grep else []
        options += ["--diff-filter=D"] if removed else []
        options += ["--author=^" + re.escape(signature(author)).replace("\\-", "-") + "$"] if author else []
        options += ["--full-history"] if path else []  # both sides, also where one gave way
        pathspec = [f":(literal){path}"] if path else []
        output = self._git("log", *options, "--end-of-options", checked(start), "--", *pathspec)
        return list(_log_entries(output))

    def reachable(self, start: str, exclude: Sequence[str] = ()) -> list[str]:
        """Hashes of the commits reachable from `start` and not from `exclude`."""
        arguments = [checked(start), *(f"^{checked(one)}" for one in exclude)]
        return self._git("rev-list", "--end-of-options", *arguments).split()

    def reflog(self, reference: str) -> list[str]:
        """Every hash that the reference has pointed at, as far back as git remembers."""
        if not _REFERENCE.fullmatch(reference):
            raise RevisionUnknown(reference)
        return self._git("log", "-g", "--format=%H", "--end-of-options", reference, "--").split()

    def references(self) -> dict[str, str]:
        """All references and where they point."""
        lines = self._git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return {name: target for name, _space, target in (line.rpartition(" ") for line in lines)}

    def fsck(self) -> str:
        """Git's own check of every object; empty when all is well."""
        words = self._git("fsck", "--full", "--no-dangling", "--no-progress", timeout=_SLOW, failing_ok=True)
        return "\n".join(line for line in words.splitlines() if line and not line.startswith("notice:"))

    def tidy(self) -> None:
        """Pack loose objects and refresh the commit-graph with its changed paths: keeps history fast.

        Never discards anything younger than two weeks. Run by the worker under the store's lock, never in a save.
        """
        self._git("repack", "-d", "-q", "--geometric=2", "--write-midx", timeout=_SLOW)
        self._git("prune-packed", "-q", timeout=_SLOW)
        self._git("prune", "--expire=2.weeks.ago", timeout=_SLOW)
        self._git("pack-refs", "--all", "--prune")
        self.graph()

    def graph(self) -> None:
        """Refresh the commit-graph with the filters that make the history of one file fast."""
        self._git("commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress", timeout=_SLOW)


def checked(revision: str) -> str:
    """A full hash, unchanged; anything else is an unknown revision, not an argument for git."""
    if not is_hash(revision):
        raise RevisionUnknown(revision)
    return revision


def signature(pseudonym: str) -> str:
    """An account's pseudonym as an author. Names and addresses of people are refused: they never enter git."""
    if not _PSEUDONYM.fullmatch(pseudonym):
        raise ValueError(f"not a pseudonym: {pseudonym!r}")
    return f"{pseudonym} <{pseudonym}@{ADDRESS}>"


def _log_entries(output: str) -> Iterator[LogEntry]:
    """Take apart `git log -z --raw`: a commit's text, then pairs of (colon line, path), each ended by NUL."""
    tokens = iter(output.split("\0"))
    head: list[str] | None = None
    changes: list[Changed] = []
    for token in tokens:
        line = token.removeprefix("\n")
        if line.startswith(":"):
            old, new = _blobs(line)
            path = next(tokens)
            changes.append(Changed(path, None if set(old) == {"0"} else old, None if set(new) == {"0"} else new))
        elif token:
            if head is not None:
                yield _log_entry(head, changes)
            head, changes = token.split("\n", 3), []
    if head is not None:
        yield _log_entry(head, changes)


def _blobs(line: str) -> tuple[str, str]:
    """Blob before (in the first parent) and after, from `:mode mode old new status`.

    Each further parent has a colon more, a mode more and a blob more.
    """
    parents = len(line) - len(line.lstrip(":"))
    words = line[parents:].split(" ")
    return words[parents + 1], words[2 * parents + 1]


def _log_entry(head: list[str], changes: list[Changed]) -> LogEntry:
    commit, author, when, message = head
    return LogEntry(commit, author, dt.datetime.fromisoformat(when), message.rstrip("\n"), tuple(changes))
