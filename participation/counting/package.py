"""The recount package: one zip with all that a citizen needs to count a vote again at home.

    LISEZMOI.txt, README.txt   how to count again, in French and in English
    rule.json                  the rule as adopted, and as the count takes it
    projects.json              the ballot list and the money
    ballots-….csv, totals-….csv  the votes, without the places where they were cast
    result.json                the result to be found again
    SHA256SUMS                 the hash of each file, for `sha256sum -c`

The same vote gives the same bytes on any machine: files are stored as they are, without a date of their own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from participation.counting.ballot_files import MOST_LINES, PATH, read_votes, write_totals
from participation.counting.ballots import Box
from participation.counting.count import count
from participation.counting.model import Contest, CountRule
from participation.counting.plain import contest_from_plain, plain_contest, plain_rule, rule_from_plain, without_people
from participation.counting.trace import Result
from participation.messages import mark as _
from participation.problems import LaureatError, errors

FORMAT = 1
SUMS = "SHA256SUMS"
_NEEDED = frozenset({"rule.json", "projects.json", "result.json", SUMS})
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
_MOST = 500_000_000  # bytes of all files of a package that is read
_LISEZMOI = """\
Recompter le vote : {name}, édition {edition}

Ce dossier contient tout ce qui a servi au comptage : la règle (rule.json), les projets et l’argent
(projects.json), les bulletins anonymes (ballots-….csv) ou les totaux (totals-….csv), et le résultat
proclamé (result.json). Il ne contient aucun nom de votant, aucune heure, aucun lieu de vote d’un bulletin.

Recompter avec le logiciel libre Lauréat :

    laureat recount recompte-{edition}.zip

Recompter sans rien installer : la page « Recompter » des résultats, sur le site, le fait dans votre
navigateur. Rien n’est envoyé.

Recompter avec votre propre programme : les montants sont en centièmes ; la méthode est décrite dans
docs/reference/counting.md de Lauréat, les fichiers dans docs/reference/results.md.

Vérifier que les fichiers n’ont pas changé :

    sha256sum -c SHA256SUMS
"""
_README = """\
Counting the vote again: {name}, edition {edition}

This folder holds all that the count used: the rule (rule.json), the projects and the money (projects.json),
the anonymous ballots (ballots-….csv) or the totals (totals-….csv), and the result as announced (result.json).
It holds no name of a voter, no time, no place where a ballot was cast.

With Lauréat, which is free software:

    laureat recount recompte-{edition}.zip

Without installing anything: the page "Recompter" beside the results counts in your browser. Nothing is sent.

With a program of your own: amounts are in hundredths; docs/reference/counting.md of Lauréat says how to count,
docs/reference/results.md what the files hold.

To check that no file has changed:

    sha256sum -c SHA256SUMS
"""


class NotAPackage(LaureatError):
    """A file that is no recount package, or one that somebody changed."""

    def __init__(self, why: str) -> None:
        super().__init__(_("Ce fichier n’est pas un dossier de recomptage\u00a0: %s.") % why)


@dataclass(frozen=True)
class Package:
    """What a package holds; `expected` is the result as it was announced, in JSON values."""

    edition: str
    rule: CountRule
    contest: Contest
    box: Box
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Recount:
    """A count of a package, and the first place where it differs from what was announced ("" when nowhere)."""

    result: Result
    difference: str


def write_package(
    name: str,
    edition: str,
    record: Mapping[str, Any],
    rule: CountRule,
    contest: Contest,
    votes: Mapping[str, bytes],
    box: Box,
    result: Mapping[str, Any],
) -> bytes:
    """The zip. `record` is the public data of the rule, `votes` the files of the content (path -> bytes).

    Without files of votes the totals of `box` are written.
    """
    files = {
        "LISEZMOI.txt": _LISEZMOI.format(name=name, edition=edition).encode(),
        "README.txt": _README.format(name=name, edition=edition).encode(),
        "rule.json": _json(
            {"format": FORMAT, "edition": edition, "rule": plain_rule(rule), "record": dict(record)},
        ),
        "projects.json": _json(plain_contest(without_people(contest, rule))),
        "result.json": _json({"format": FORMAT, "edition": edition, "result": dict(result)}),
    }
    files |= _ballots(votes, rule)
    totals = [content for path, content in sorted(votes.items()) if _kind(path) == "totals"]
    files |= {f"totals-{number:03}.csv": content for number, content in enumerate(totals, 1)}
    if not votes:
        places = {f"lieu-{number}": one for number, one in enumerate(box.totals, 1)}
        files["totals-001.csv"] = write_totals(places, edition)
    files[SUMS] = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for file, data in sorted(files.items()):
            entry = zipfile.ZipInfo(file, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    return made.getvalue()


def read_package(content: bytes) -> Package:
    """What a package holds. Raises NotAPackage."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MOST:
                raise NotAPackage(_("il est trop gros"))
            files = {one.filename: archive.read(one) for one in archive.infolist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as fault:
        raise NotAPackage(_("ce n’est pas un zip lisible")) from fault
    if missing := sorted(_NEEDED - files.keys()):
        raise NotAPackage(_("il y manque %s") % ", ".join(missing))
    if changed := _changed(files):
        raise NotAPackage(_("ces fichiers ont changé\u00a0: %s") % ", ".join(changed))
    try:
        told, announced = json.loads(files["rule.json"]), json.loads(files["result.json"])
        rule, contest = rule_from_plain(told["rule"]), contest_from_plain(json.loads(files["projects.json"]))
        edition, expected = str(told["edition"]), announced["result"]
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise NotAPackage(_("la règle, les projets ou le résultat ne sont pas lisibles")) from fault
    votes = {f"editions/{edition}/votes/{name}": data for name, data in files.items() if name.endswith(".csv")}
    box, problems = read_votes(votes, edition, rule.paper.kind, contest.candidates)
    if found := errors(problems):
        raise NotAPackage(str(found[0]))
    return Package(edition, rule, contest, box, expected)


def recount(package: Package) -> Recount:
    """Count a package again, and compare with what was announced, step by step."""
    result = count(package.rule, package.contest, package.box)
    again = json.loads(json.dumps(result.plain()))
    return Recount(result, difference(again, package.expected))


def difference(first: Any, second: Any, path: str = "result") -> str:
    """The path of the first place where two JSON values differ; "" when they are the same."""
    if isinstance(first, dict) and isinstance(second, Mapping):
        names = dict.fromkeys([*first, *second])
        return next(
            (found for name in names if (found := difference(first.get(name), second.get(name), f"{path}.{name}"))), ""
        )
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        pairs = enumerate(zip(first, second, strict=True))
        return next((found for n, pair in pairs if (found := difference(*pair, f"{path}.{n}"))), "")
    return "" if first == second and type(first) is type(second) else path


def _ballots(votes: Mapping[str, bytes], rule: CountRule) -> dict[str, bytes]:
    """All ballots together, by their random numbers: neither their place nor what the rule does not ask for stays."""
    kept = ["ballot", "choices", "points", *sorted(rule.dimensions, reverse=True), "void"]
    rows: list[dict[str, str]] = []
    for path, content in sorted(votes.items()):
        if _kind(path) == "ballots":
            rows += csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    rows.sort(key=lambda row: row["ballot"])
    used = [name for name in kept if name in {"ballot", "choices"} or any(row.get(name) for row in rows)]
    found = {}
    for number, first in enumerate(range(0, len(rows), MOST_LINES), 1):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(used)
        writer.writerows([row.get(name, "") for name in used] for row in rows[first : first + MOST_LINES])
        found[f"ballots-{number:03}.csv"] = text.getvalue().encode()
    return found


def _kind(path: str) -> str:
    match = PATH.fullmatch(path)
    return match["kind"] if match else ""


def _changed(files: Mapping[str, bytes]) -> list[str]:
    """The files that are not what the list of hashes says: altered, added, or taken away."""
    lines = files[SUMS].decode("utf-8", "replace").splitlines()
    known = {name: hash for hash, _space, name in (line.partition("  ") for line in lines)}
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != SUMS}
    return sorted(name for name in known.keys() | found.keys() if known.get(name) != found.get(name))


def _json(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, indent=1).encode() + b"\n"
