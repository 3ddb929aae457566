"""A process that publishes until it is killed, for test_releases_faults.

    publisher.py SITE forever         publishes version after version, a line on stdout before each
    publisher.py SITE crash-at-each   publishes one version after another, and dies at the first, second, third... call
                                      that changes names in folders, recovers, and prints what is live after each

Version n: ten pages that say n at both ends, the page of the news of n instead of that of n - 1.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from site_builder.releases import Site

NOW = dt.datetime(2026, 3, 14, 9, 30, tzinfo=dt.UTC)
PAGES = [f"projets/{number}/index.html" for number in range(10)]
STEPS = ("rename", "link", "unlink", "mkdir", "rmdir", "makedirs", "replace", "symlink")


def content(version: int) -> bytes:
    return f"{version}\n".encode() + b"x" * 20_000 + f"\n{version}".encode()


def publish(folder: Path, version: int) -> None:
    with Site.open(folder) as site:
        site.recover()
        with site.release(str(version), "publication", fresh=version % 7 == 0) as release:
            for address in PAGES:
                release.put(address, content(version))
            release.put(f"actualites/{version}/index.html", content(version))
            if version > 1:
                release.remove(f"actualites/{version - 1}/index.html")
            release.commit(NOW, "agent-17", f"version {version}")


def version_after_recovery(folder: Path) -> int:
    """The version that is live, after checking that every page, the manifest and the history say the same."""
    with Site.open(folder) as site:
        site.recover()
        release = site.current()
        assert release is not None
        assert release.status == "live"
        version = int(release.source_commit)
        expected = {address: content(version) for address in [*PAGES, f"actualites/{version}/index.html"]}
        files = {
            path.relative_to(site.live).as_posix(): path.read_bytes() for path in site.live.rglob("*") if path.is_file()
        }
        assert files == expected, (version, sorted(files))
        assert {page.address for page in site.pages()} == set(expected)
        assert list((folder / "staging").iterdir()) == []
        return version


def die_at(step: int) -> None:
    """Make the process vanish at the call number `step` that changes names: nothing is cleaned up, as with kill -9."""
    left = [step]

    def dying(call):  # type: ignore[no-untyped-def]
        def instead(*values, **more):  # type: ignore[no-untyped-def]
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
            return call(*values, **more)

        return instead

    for name in STEPS:
        setattr(os, name, dying(getattr(os, name)))


def crash_at_each(folder: Path) -> None:
    publish(folder, 1)
    version, step = 1, 1
    while True:
        child = os.fork()
        if child == 0:
            die_at(step)
            publish(folder, version + 1)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        live = version_after_recovery(folder)
        sys.stdout.write(json.dumps({"step": step, "before": version, "after": live}) + "\n")
        version, step = live, step + 1
        if os.waitstatus_to_exitcode(status) == 0 and step > 120:
            return


def main() -> None:
    folder = Path(sys.argv[1])
    if sys.argv[2] == "crash-at-each":
        crash_at_each(folder)
        return
    version = version_after_recovery(folder)
    while True:
        version += 1
        sys.stdout.write(f"{version}\n")
        sys.stdout.flush()
        publish(folder, version)


if __name__ == "__main__":
    main()
