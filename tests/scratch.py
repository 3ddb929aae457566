"""Where tests write: in memory where the machine has room there, for a disk makes each of thousands of commits wait."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 6 << 30  # bytes: what a whole run may hold at once, several times over


def in_memory() -> bool:
    """Whether there is a folder in memory that is large enough and lets programs run, as fake Git hooks must."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    forbidden = os.ST_RDONLY | getattr(os, "ST_NOEXEC", 0)
    return not os.statvfs(MEMORY).f_flag & forbidden and shutil.disk_usage(MEMORY).free > ROOM


def choose() -> None:
    """Have this process and those that it starts write there; a TMPDIR that somebody chose stays."""
    if "TMPDIR" not in os.environ and in_memory():
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
