"""The recount package: read back equal, the same bytes on any machine, nothing of people in it, refused if changed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest

from participation.counting.ballot_files import write_ballots
from participation.counting.ballots import Ballot, Box, approval
from participation.counting.count import count
from participation.counting.model import Candidate, Contest, CountRule, ExclusiveSet, HandDecision, RoundRule
from participation.counting.package import NotAPackage, read_package, recount, write_package
from participation.counting.plain import contest_from_plain, plain_contest, plain_rule, rule_from_plain

PROJECTS = {
    "2026-A": Candidate("2026-A", 500_00, "A", "nord", "eau", "person p-1a2b3c", "youth"),
    "2026-B": Candidate("2026-B", 400_00, "B", "sud", "air", "person p-1a2b3c", "school"),
    "2026-C": Candidate("2026-C", 300_00, "C", "sud", "eau", "organisation les amis", "association"),
}
CONTEST = Contest(1_000_00, PROJECTS, {("nord", ""): 600_00, ("sud", ""): 400_00}, zones=("nord", "sud"))
RULE = CountRule(
    one_win_per_owner=True,
    exclusives=(ExclusiveSet(frozenset({"2026-B", "2026-C"}), "Même lieu"),),
    rounds=(RoundRule("quartiers", by="zone", voters="zone", money="envelopes"), RoundRule("reste")),
    ties=("draw",),
    seed="4 17 23",
    decisions=(HandDecision("2026-C", False, "Parcelle vendue."),),
)
BOX = Box(
    {
        approval(["2026-A", "2026-B"], zone="nord"): 2,
        approval(["2026-B"], zone="sud"): 3,
        Ballot((), zone="sud", void="illegible"): 1,
    }
)


def files(box=BOX):
    every = [ballot for ballot, times in box.ballots.items() for _time in range(times)]
    (content,) = write_ballots(every, [f"{number:012x}" for number in range(len(every))], "2026")
    return {"editions/2026/votes/ballots-ecole.csv": content}


def package(rule=RULE, votes=None, contest=CONTEST):
    result = count(rule, contest, BOX).plain()
    return write_package("Valmont", "2026", {"title": "Règle"}, rule, contest, votes or files(), BOX, result)


def names(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}


def test_rule_and_contest_come_back_equal():
    assert rule_from_plain(plain_rule(RULE)) == RULE
    assert contest_from_plain(plain_contest(CONTEST)) == CONTEST


def test_a_package_counts_again_to_the_same_result():
    found = read_package(package())
    assert found.box == BOX
    assert recount(found).difference == ""
    assert recount(found).result == count(RULE, CONTEST, BOX)


def test_the_same_vote_gives_the_same_bytes_wherever_its_ballots_were_cast():
    (content,) = files().values()
    head, *lines = content.decode().splitlines()
    apart = {
        "editions/2026/votes/ballots-mairie.csv": "\n".join([head, *lines[::2], ""]).encode(),
        "editions/2026/votes/ballots-poste.csv": "\n".join([head, *lines[1::2], ""]).encode(),
    }
    assert package(votes=apart) == package()


def test_no_person_organisation_or_place_is_in_it():
    told = b"".join(names(package()).values())
    assert [words for words in (b"p-1a2b3c", b"les amis", b"ecole", b"youth") if words in told] == []


def test_what_the_rule_does_not_ask_for_is_left_out():
    plain = replace(RULE, rounds=(RoundRule(),))
    assert names(package(plain))["ballots-001.csv"].splitlines()[0] == b"ballot,choices,void"


def test_a_result_that_was_altered_is_found():
    found = read_package(package())
    altered = {**found.expected, "winners": ["2026-C"]}
    assert recount(replace(found, expected=altered)).difference.startswith("result.winners")


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("projects.json", lambda data: data.replace(b"2026-A", b"2026-C")),
        ("ballots-001.csv", lambda data: data.replace(b"A", b"C", 1)),
        ("ballots-001.csv", None),
        ("ballots-002.csv", lambda _none: b"ballot,choices\n"),
    ],
)
def test_a_file_altered_taken_away_or_added_is_refused_by_name(name, change):
    held = names(package())
    altered = None if change is None else change(held.get(name))
    held = {other: data for other, data in held.items() if other != name} | ({} if altered is None else {name: altered})
    with pytest.raises(NotAPackage, match=name):
        read_package(zipped(held))


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("rule.json", ("rule", "threshold"), "x"),
        ("rule.json", ("rule", "ties"), ["luck"]),
        ("rule.json", ("rule", "rounds", 0, "winners"), [1]),
        ("rule.json", ("rule", "rounds", 0, "money"), "all"),
        ("rule.json", ("rule", "exclusives", 0, "projects", 0), None),
        ("projects.json", ("budget",), True),
        ("projects.json", ("projects", 0, "cost"), 1.5),
        ("projects.json", ("envelopes", 0, "zone"), {}),
    ],
)
def test_values_of_another_kind_are_refused_though_their_hashes_fit(name, path, value):
    held = names(package())
    plain = json.loads(held[name])
    place = plain
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    held[name] = json.dumps(plain).encode()
    held["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {other}\n" for other, data in held.items() if other != "SHA256SUMS"
    ).encode()
    with pytest.raises(NotAPackage, match="ne sont pas lisibles"):
        read_package(zipped(held))


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip"])
def test_what_is_no_package_is_refused(content):
    with pytest.raises(NotAPackage):
        read_package(content)


def test_totals_alone_make_a_package_too():
    from participation.counting.ballots import Totals

    rule = replace(RULE, rounds=(RoundRule(),))
    box = Box({}, (Totals({"2026-A": 4, "2026-B": 7}, {}, 9, {"blank": 2}),))
    result = count(rule, CONTEST, box)
    content = write_package("Valmont", "2026", {}, rule, CONTEST, {}, box, result.plain())
    assert recount(read_package(content)).difference == ""
