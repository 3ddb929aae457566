"""html-validate over pages of a built site, with the rules of themes/htmlvalidate.cjs."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.conftest import ROOT, missing

PROGRAM = ROOT / "themes" / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = ROOT / "themes" / "htmlvalidate.cjs"


def faults(files: Iterable[Path]) -> list[str]:
    """What breaks a rule in these pages: `page:line: rule: words`."""
    node = shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv/bin"))
    if node is None or not PROGRAM.is_file():
        missing("html-validate is not installed: make setup")
    command = [node, str(PROGRAM), "--config", str(RULES), "--formatter", "json", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    return [
        f"{page['filePath']}:{found['line']}: {found['ruleId']}: {found['message']}"
        for page in json.loads(done.stdout)
        for found in page["messages"]
    ]
