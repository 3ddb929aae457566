"""The files of a result: CSV, JSON, Pabulib, PDF, recount package. The worker makes them once the pages are live."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from participation.counting.ballot_files import PATH
from participation.counting.ballots import judge
from participation.counting.pabulib_export import amount, meta_of, write_pabulib
from participation.counting.package import FORMAT, write_package
from participation.counting.reading import Vote
from participation.counting.tally import tally
from participation.counting.trace import WINNING
from participation.counting.words import Voice, sentence
from participation.opendata.guards import guarded
from participation.records import Instance
from participation.yamltext.reader import read_file
from site_builder.engine import Engine
from site_builder.opendata.files import Made
from site_builder.results.names import file_of
from site_builder.results.reading import Shown, read
from site_builder.sources import Source

COLUMNS = ("id", "title", "zone", "theme", "cost", "votes", "points", "rank", "won", "paid", "reason", "why")
INSTANCE = "instance.yml"
_MONEY = "hundredths of the currency"
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The result of one vote, as Lauréat publishes it",
    "type": "object",
    "required": ["format", "edition", "currency", "announced", "projects", "result", "places"],
    "properties": {
        "format": {"const": FORMAT},
        "edition": {"type": "string"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "announced": {"type": "string", "format": "date-time"},
        "recorded": {"type": "boolean", "description": "true when votes come from the projects' own records"},
        "rule": {"type": "object", "description": "the rule as adopted, as in editions/…/rule.yml"},
        "projects": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "title", "cost", "votes", "points", "rank", "won", "paid", "reason", "why"],
                "properties": {
                    "id": {"type": "string"},
                    "title": {"type": "string"},
                    "zone": {"type": "string"},
                    "theme": {"type": "string"},
                    "cost": {"type": "integer", "description": _MONEY},
                    "votes": {"type": "integer"},
                    "points": {"type": "integer"},
                    "rank": {"type": "integer", "minimum": 1},
                    "won": {"type": "boolean"},
                    "paid": {"type": "integer", "description": _MONEY},
                    "reason": {"type": "string", "description": "a code of docs/reference/counting.md"},
                    "why": {"type": "string", "description": "the same as a sentence"},
                },
            },
        },
        "result": {
            "type": "object",
            "description": "every step of the count, as `laureat count --json` prints it",
            "required": ["budget", "spent", "left", "voters", "void", "votes", "points", "winners", "groups", "steps"],
            "properties": {
                "budget": {"type": "integer", "description": _MONEY},
                "spent": {"type": "integer", "description": _MONEY},
                "left": {"type": "integer", "description": _MONEY},
                "voters": {"type": "integer"},
                "void": _COUNTS,
                "votes": _COUNTS,
                "points": _COUNTS,
                "winners": {"type": "array", "items": {"type": "string"}},
                "undecided": {"type": "array"},
                "groups": {"type": "array", "items": {"type": "object"}},
                "steps": {"type": "array", "items": {"type": "object", "required": ["project", "reason"]}},
            },
        },
        "places": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["title", "channel"],
                "properties": {
                    "title": {"type": "string"},
                    "channel": {"enum": ["paper", "post", "online"]},
                    "zone": {"type": "string"},
                    "found": {"type": ["integer", "null"]},
                    "valid": {"type": ["integer", "null"]},
                    "void": {"type": ["integer", "null"]},
                    "signed": {"type": ["integer", "null"]},
                    "population": {"type": ["integer", "null"]},
                },
            },
        },
    },
}
"""JSON Schema of the JSON file, published beside it."""


def makers(
    engine: Engine, source: Source, entries: Mapping[str, str], shown: Shown, cache: Path
) -> Iterator[tuple[str, str, Callable[[], Made]]]:
    """Format, file name and maker of each file; the ballots are read when the first that needs them is made."""
    outcome = shown.outcome
    voice = Voice(
        outcome.contest,
        outcome.rule,
        {id: str(name) for id, name in {**engine.town.zones, **engine.town.themes}.items()},
        str(engine.lang),
        engine.translate,
    )
    read_once: list[Vote] = []

    def vote() -> Vote:
        if not read_once:
            read_once.append(read(source, shown.files, outcome.edition, cache)[0])
        return read_once[0]

    def pdf() -> Made:
        from site_builder.results.record import record_pdf  # noqa: PLC0415  # fpdf costs 0.3 s, only a new result needs it

        return Made(record_pdf(engine, shown, voice), len(outcome.contest.candidates), [])

    yield "csv", file_of(outcome.edition, "csv"), lambda: csv_file(shown, voice)
    yield "json", file_of(outcome.edition, "json"), lambda: json_file(shown, voice)
    if outcome.ballots and not outcome.recorded:
        yield "pb", file_of(outcome.edition, "pb"), lambda: pabulib_file(shown, vote(), _instance(source, entries))
    yield "pdf", file_of(outcome.edition, "pdf"), pdf
    yield "zip", file_of(outcome.edition, "zip"), lambda: package_file(engine, source, shown, vote())


def csv_file(shown: Shown, voice: Voice) -> Made:
    """One line a project, amounts in the currency; as open data are written: commas, CRLF, the mark of UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = _rows(shown, voice)
    for row in rows:
        said = row | {
            "cost": amount(row["cost"]),
            "paid": amount(row["paid"]),
            "won": "true" if row["won"] else "false",
        }
        writer.writerow(guarded(said[name]) if isinstance(said[name], str) else said[name] for name in COLUMNS)
    return Made(text.getvalue().encode("utf-8-sig"), len(rows), [])


def json_file(shown: Shown, voice: Voice) -> Made:
    """All that the page tells, amounts in hundredths; `SCHEMA` describes it."""
    outcome = shown.outcome
    rows = _rows(shown, voice)
    plain = {
        "format": FORMAT,
        "edition": outcome.edition,
        "currency": outcome.contest.currency,
        "announced": outcome.record["announced"],
        "recorded": outcome.recorded,
        "rule": dict(outcome.record),
        "projects": rows,
        "result": outcome.result.plain(),
        "places": outcome.plain()["places"],
    }
    return Made(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n", len(rows), [])


def pabulib_file(shown: Shown, vote: Vote, instance: Instance) -> Made:
    """The valid ballots for those who study votes, in the order of what they say: no number of ours stays."""
    judged = judge(vote.box, vote.rule, vote.contest)
    ballots = chain.from_iterable([ballot] * times for ballot, times in sorted(judged.valid.items()))
    numbered = ((str(number), ballot) for number, ballot in enumerate(ballots, 1))
    kind = vote.rule.paper.kind
    meta = meta_of(instance, vote.edition, vote.rule, vote.contest)
    counts = tally(judged, vote.rule)
    data = write_pabulib(meta, vote.contest, kind, numbered, counts, shown.outcome.result.winners)
    return Made(data, shown.outcome.ballots, [])


def package_file(engine: Engine, source: Source, shown: Shown, vote: Vote) -> Made:
    """The recount package."""
    outcome = shown.outcome
    wanted = {path: blob for path, blob in shown.files.items() if PATH.fullmatch(path)}
    data = write_package(
        engine.town.name or str(engine.town.title),
        outcome.edition,
        outcome.record,
        outcome.rule,
        vote.contest,
        dict(source.files(wanted)),
        vote.box,
        outcome.result.plain(),
    )
    return Made(data, outcome.result.voters, [])


def _rows(shown: Shown, voice: Voice) -> list[dict[str, Any]]:
    """One line a project, winners and others by falling votes."""
    result, ranks = shown.outcome.result, shown.ranks
    found = []
    for id in sorted(result.decided, key=lambda one: (ranks[one], one)):
        step, one = result.decided[id], shown.outcome.contest.candidates[id]
        found.append(
            {
                "id": id,
                "title": one.title,
                "zone": one.zone,
                "theme": one.theme,
                "cost": one.cost,
                "votes": result.votes[id],
                "points": result.points[id],
                "rank": ranks[id],
                "won": step.reason in WINNING,
                "paid": step.paid,
                "reason": step.reason,
                "why": sentence(step, voice),
            }
        )
    return found


def _instance(source: Source, entries: Mapping[str, str]) -> Instance:
    for path, content in source.files({INSTANCE: entries[INSTANCE]} if INSTANCE in entries else {}):
        for record in read_file(content, path).records:
            if isinstance(record, Instance):
                return record
    return Instance({})
