"""Git's objects as bytes: trees, commits, their names (SHA-1) and packs of new ones.

Pure functions on bytes, after git's own description (gitformat-pack, git-mktree, git-commit-tree). No process is
started and no file opened here: `git.py` reads and writes what these functions take apart and put together.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FULL_HASH = re.compile(r"[0-9a-f]{40}")
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
FILE, FOLDER = 0o100644, 0o040000
_TYPES = {"commit": 1, "tree": 2, "blob": 3}


def is_hash(text: str) -> bool:
    """True for a full object name, the only form in which the store takes a revision."""
    return FULL_HASH.fullmatch(text) is not None


def hash_of(kind: str, body: bytes) -> str:
    """The name git gives to an object."""
    return hashlib.sha1(b"%s %d\0" % (kind.encode(), len(body)) + body, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Node:
    """One entry of a tree: its mode and the hash of its blob or subtree."""

    mode: int
    hash: str

    @property
    def is_folder(self) -> bool:
        return self.mode == FOLDER


Folder = dict[str, Node]  # name -> entry; names that are no UTF-8 keep their bytes as surrogates


def parse_tree(body: bytes) -> Folder:
    """The entries of one tree object."""
    entries: Folder = {}
    at, end = 0, len(body)
    while at < end:
        space = body.index(b" ", at)
        stop = body.index(b"\0", space)
        name = body[space + 1 : stop].decode("utf-8", "surrogateescape")
        entries[name] = Node(int(body[at:space], 8), body[stop + 1 : stop + 21].hex())
        at = stop + 21
    return entries


def in_order(entries: Mapping[str, Node]) -> Folder:
    """The entries in git's order: by bytes, a folder as if its name ended in `/`."""
    return dict(
        sorted(
            entries.items(),
            key=lambda item: item[0].encode("utf-8", "surrogateescape") + (b"/" if item[1].is_folder else b""),
        )
    )


def format_tree(entries: Mapping[str, Node]) -> bytes:
    """The tree object of entries that are in git's order."""
    return b"".join(
        b"%o %s\0%s" % (node.mode, name.encode("utf-8", "surrogateescape"), bytes.fromhex(node.hash))
        for name, node in entries.items()
    )


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, read: hashes, who (author's name), when (aware) and the whole message."""

    hash: str
    tree: str
    parents: tuple[str, ...]
    author: str
    when: dt.datetime
    message: str
    committer: str = ""


_PERSON = re.compile(r"(.*?) ?<([^>]*)> (-?\d+) ([+-])(\d\d)(\d\d)")


def parse_commit(commit_hash: str, body: bytes) -> Commit:
    """The commit object read; ValueError when it is none."""
    text = body.decode("utf-8", "replace")
    head, _sep, message = text.partition("\n\n")
    lines = [line.partition(" ") for line in head.split("\n")]
    tree = next(value for key, _s, value in lines if key == "tree")
    author = _PERSON.fullmatch(next(value for key, _s, value in lines if key == "author"))
    committer = _PERSON.fullmatch(next(value for key, _s, value in lines if key == "committer"))
    if author is None or committer is None:
        raise ValueError(commit_hash)
    minutes = int(author[5]) * 60 + int(author[6])
    zone = dt.timezone(dt.timedelta(minutes=-minutes if author[4] == "-" else minutes))
    return Commit(
        commit_hash,
        tree,
        tuple(value for key, _s, value in lines if key == "parent"),
        author[1],
        dt.datetime.fromtimestamp(int(author[3]), zone),
        message,
        committer[1],
    )


def format_commit(
    tree: str, parents: Iterable[str], author: str, committer: str, when: dt.datetime, message: str
) -> bytes:
    """The commit object; author and committer as `name <address>`, `when` aware."""
    offset = when.utcoffset()
    if offset is None:
        raise ValueError("an aware instant is needed")
    minutes = int(offset.total_seconds()) // 60
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
    stamp = f"{int(when.timestamp())} {zone}"
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    lines += [f"author {author} {stamp}", f"committer {committer} {stamp}", "", message.rstrip("\n"), ""]
    return "\n".join(lines).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object to be written; its hash is known before it is."""

    kind: str
    body: bytes
    hash: str

    @classmethod
    def of(cls, kind: str, body: bytes) -> NewObject:
        return cls(kind, body, hash_of(kind, body))


def pack(objects: list[NewObject], *, level: int) -> bytes:
    """A pack of whole objects in the order given, for `git unpack-objects` or `git index-pack`."""
    parts = [struct.pack(">4sLL", b"PACK", 2, len(objects))]
    for item in objects:
        size = len(item.body)
        first, size = (_TYPES[item.kind] << 4) | (size & 15), size >> 4
        header = bytearray()
        while size:
            header.append(first | 0x80)
            first, size = size & 0x7F, size >> 7
        header.append(first)
        parts += [bytes(header), zlib.compress(item.body, level)]
    body = b"".join(parts)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()
