"""Builds and publications against Hugo: cold, warm, nothing changed, one change; time and memory of whole processes."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from participation.records import TYPES
from participation.store import open_store
from tests.benchmarks import hugo_site, repository
from tests.benchmarks.content import id_of
from tests.benchmarks.measure import Run, median, paired, run
from tests.benchmarks.report import Line, seconds

LAUREAT = Path(sys.executable).with_name("laureat")
WHEN = dt.datetime(2026, 1, 2, 9, 0, tzinfo=dt.UTC)
COLD, WARM, SAME, PROJECT, EVENT = "cold", "warm", "nothing changed", "project", "event"
# Wall time against Hugo's of the same round: name -> (limit, goal), by number of records.
LIMITS: dict[int, dict[str, tuple[float, float | None]]] = {
    1_500: {COLD: (1.1, None)},
    10_000: {COLD: (0.75, 0.65), WARM: (0.2, 0.15), SAME: (0.04, None), PROJECT: (0.06, 0.05), EVENT: (0.06, 0.05)},
}
MEMORY = 0.3
SAME_SIZE = 0.03


@dataclass
class Town:
    """Generated content of one size, as a repository and as a Hugo site, and the places to build it in."""

    folder: Path
    count: int
    hugo: Path
    changes: int = 0
    runs: dict[str, list[Run]] = field(default_factory=dict)

    @property
    def content(self) -> Path:
        """The bare repository."""
        return self.folder / "content.git"

    @property
    def out(self) -> Path:
        """Where our site is built."""
        return self.folder / "out"

    @property
    def hugo_out(self) -> Path:
        """Where Hugo's site is built."""
        return self.folder / "hugo-out"

    def make(self, *, with_hugo: bool = True) -> None:
        """Write content and Hugo's sources."""
        self.folder.mkdir()
        repository.make(self.content, self.count)
        if with_hugo:
            hugo_site.make(self.folder / "hugo", self.count)

    # ------------------------------------------------------------------------------------------------ single runs

    def build(self, out: Path | None = None) -> Run:
        """`laureat build` into a folder, with the caches of this town; derived files are timed apart."""
        command: list[str | Path] = [
            LAUREAT,
            "build",
            self.content,
            "--out",
            out or self.out,
            "--cache",
            self.folder / "cache",
        ]
        return run([*command, "--no-data"])

    def cold(self, *, installed: bool = True) -> Run:
        """Build with no cache of content; shells and compiled templates, made once per installation, are kept."""
        shutil.rmtree(self.out, ignore_errors=True)
        cache = self.folder / "cache"
        for entry in cache.iterdir() if cache.is_dir() else ():
            if entry.is_file():
                entry.unlink()
            elif not installed or entry.name not in ("shells", "templates"):
                shutil.rmtree(entry)
        return self.build()

    def warm(self) -> Run:
        """Build into a new folder with the cache of what was read and rendered before."""
        out = self.folder / "out-warm"
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(self.folder / "cache" / "places", ignore_errors=True)  # what lay in the former folder
        return self.build(out)

    def with_hugo(self) -> Run:
        """A build by Hugo into a new folder."""
        shutil.rmtree(self.hugo_out, ignore_errors=True)
        return run([self.hugo, "build", "--quiet", "--source", self.folder / "hugo", "--destination", self.hugo_out])

    def publish(self) -> Run:
        """`laureat publish`."""
        return run([LAUREAT, "publish", self.content, "--site", self.folder / "site"])

    def change(self, number: int) -> None:
        """Save a new title of a record: it shows on its page, in lists or feeds, and on the pages that link to it."""
        self.changes += 1
        store = open_store(self.content)
        record = store.snapshot().get(id_of(number))
        assert record is not None
        fields = {"title": f"Un titre changé {self.changes} fois"}
        store.save(TYPES[record.type_name], record.id, fields, base_blob=record.blob, author="agent-1", when=WHEN)

    # ------------------------------------------------------------------------------------------------ rounds

    def round(self, *, changes: bool) -> None:
        """One of each, one after the other, so that what the machine does besides falls on all alike."""
        self.note("hugo", self.with_hugo())
        self.note(COLD, self.cold())
        self.note(SAME, self.build())
        self.note(WARM, self.warm())
        if changes:
            self.one_change()

    def one_change(self) -> None:
        """Publish the change of a project and of an event; another pair of records each time."""
        block = 100 * (len(self.runs.get(PROJECT, ())) + 1)
        for name, number in ((PROJECT, block), (EVENT, block + 95)):
            self.change(number)
            self.note(name, self.publish())

    def note(self, name: str, one: Run) -> None:
        """Keep a run."""
        self.runs.setdefault(name, []).append(one)

    def walls(self, name: str) -> list[float]:
        """Wall times of the runs of that name."""
        return [one.wall for one in self.runs[name]]

    # ------------------------------------------------------------------------------------------------ page sizes

    def page_sizes(self) -> tuple[float, float, int]:
        """Mean bytes of a record's page: ours and Hugo's; and how many pages that is."""
        ours, theirs = [], []
        for folder in hugo_site.FOLDERS.values():
            for page in self.out.glob(f"{folder}/*-*/index.html"):
                other = self.hugo_out / folder / page.parent.name / "index.html"
                if page.parent.name[4:5] == "-" and len(page.parent.name) > 7:  # a record, not a month
                    ours.append(page.stat().st_size)
                    theirs.append(other.stat().st_size)
        return sum(ours) / len(ours), sum(theirs) / len(theirs), len(ours)


def derived(town: Town, *, pictures: bool) -> Iterator[Line]:
    """What the worker makes after the pages: open data, pictures and codes to share (when asked for), measures."""
    town.cold()
    kinds = {"data": "files of open data", "weights": "weight of a page of each kind"}
    if pictures:
        kinds["sharing"] = "pictures and QR codes to share"
    for kind, words in kinds.items():
        done = run(
            [sys.executable, "-m", "tests.benchmarks.derived", kind, town.content, town.out, town.folder / "cache"]
        )
        yield Line(
            f"{_number(town.count)} records: {words}, in the background",
            seconds(done.wall),
            note=f"{done.megabytes:.0f} MB; apart from builds and publications",
        )


def calibrate(town: Town) -> int:
    """Build both once; the length of the comment that makes Hugo's pages as heavy as ours."""
    town.cold()
    town.with_hugo()
    ours, theirs, _pages = town.page_sizes()
    return max(0, round(ours - theirs))


def take_padding(town: Town, padding: int) -> None:
    """Give Hugo that comment, and the assets that every site copies."""
    hugo_site.pad(town.folder / "hugo", padding)
    static = town.folder / "hugo" / "static"
    shutil.rmtree(static, ignore_errors=True)
    static.mkdir()
    shutil.copytree(town.out / "assets", static / "assets")


def lines(town: Town) -> Iterator[Line]:
    """What the rounds of a town gave."""
    hugo = town.runs["hugo"]
    told = {
        COLD: "full build, no cache", WARM: "full build into a new folder, cache by blob", SAME: "nothing changed",
        PROJECT: "a project's change goes live (publish)", EVENT: "an event's change goes live (publish)",
    }  # fmt: skip
    for name, words in told.items():
        if name not in town.runs:
            continue
        limit, goal = LIMITS.get(town.count, {}).get(name, (None, None))
        cpu = paired([one.cpu for one in town.runs[name]], [one.cpu for one in hugo])
        yield Line(
            f"{_number(town.count)} records: {words}",
            seconds(median(town.walls(name))),
            f"Hugo {seconds(median(one.wall for one in hugo))}",
            paired(town.walls(name), [one.wall for one in hugo]),
            limit,
            goal,
            note=f"processor time {cpu:.2f} ×",
        )
    if town.count in LIMITS:
        ours = median(one.megabytes for one in town.runs[COLD])
        theirs = median(one.megabytes for one in hugo)
        words = f"{_number(town.count)} records: memory of the largest process"
        limit = MEMORY if town.count >= 10_000 else None
        yield Line(words, f"{ours:.0f} MB", f"Hugo {theirs:.0f} MB", ours / theirs, limit)
    mine, its, pages = town.page_sizes()
    yield Line(
        f"{_number(town.count)} records: mean bytes of their {_number(pages)} pages",
        _number(mine),
        f"Hugo {_number(its)}",
        abs(its / mine - 1),
        SAME_SIZE,
        note="difference",
    )


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ")
