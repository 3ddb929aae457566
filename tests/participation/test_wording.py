"""Amounts, dates and times in French and in English, with the spaces that keep them on one line."""

from __future__ import annotations

import ast
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from participation import wording
from participation.values import Moment, PartialDate, zone_info

PACKAGE = Path(wording.__file__).parent


def day(text):
    return PartialDate.parse(text)


@pytest.mark.parametrize(
    ("amount", "currency", "french", "english"),
    [
        ("45000", "EUR", "45\u202f000\u00a0€", "€45,000"),
        ("45000.00", "EUR", "45\u202f000\u00a0€", "€45,000"),
        ("1234567.5", "EUR", "1\u202f234\u202f567,50\u00a0€", "€1,234,567.50"),
        ("1234567.50", "EUR", "1\u202f234\u202f567,50\u00a0€", "€1,234,567.50"),
        ("0", "EUR", "0\u00a0€", "€0"),
        ("999", "PLN", "999\u00a0zł", "999\u00a0zł"),
        ("12", "XPF", "12\u00a0XPF", "12\u00a0XPF"),
        ("12", "GBP", "12\u00a0£", "£12"),
    ],
)
def test_amounts(amount, currency, french, english):
    assert wording.money(Decimal(amount), "fr", currency) == french
    assert wording.money(Decimal(amount), "en", currency) == english


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (1250, "1\u202f250", "1,250"),
        (Decimal("1250.00"), "1\u202f250", "1,250"),
        (Decimal("1250.50"), "1\u202f250,5", "1,250.5"),
        (Decimal(100_000), "100\u202f000", "100,000"),
        (0, "0", "0"),
    ],
)
def test_numbers(value, french, english):
    assert (wording.number(value), wording.number(value, "en")) == (french, english)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ("2024-05-12", "12\u00a0mai 2024", "12\u00a0May 2024"),
        ("2024-08-01", "1er\u00a0août 2024", "1\u00a0August 2024"),
        ("2024-05", "mai 2024", "May 2024"),
        ("2024", "2024", "2024"),
    ],
)
def test_a_date_is_never_more_precise_than_what_is_known(value, french, english):
    assert (wording.date(day(value)), wording.date(day(value), "en")) == (french, english)


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        (
            "2025-11-03",
            "2026-01-31",
            "du 3\u00a0novembre 2025 au 31\u00a0janvier 2026",
            "3\u00a0November 2025 to 31\u00a0January 2026",
        ),
        (
            "2025-11-03",
            "2025-12-01",
            "du 3\u00a0novembre au 1er\u00a0décembre 2025",
            "3\u00a0November to 1\u00a0December 2025",
        ),
        ("2024-10", "2024-12", "octobre\u00a0– décembre 2024", "October\u00a0– December 2024"),
        ("2024-10", "2025-01", "octobre 2024\u00a0– janvier 2025", "October 2024\u00a0– January 2025"),
        ("2024", "2026", "2024\u00a0– 2026", "2024\u00a0– 2026"),
        ("2024-10", None, "octobre 2024", "October 2024"),
        ("2024-10", "2024-10", "octobre 2024", "October 2024"),
    ],
)
def test_ranges_of_dates(start, end, french, english):
    until = day(end) if end else None
    assert wording.date_range(day(start), until) == french
    assert wording.date_range(day(start), until, "en") == english


def test_weekdays_times_ordinals_and_lists():
    assert wording.weekday_date(dt.date(2025, 12, 13)) == "samedi 13\u00a0décembre 2025"
    assert wording.weekday_date(dt.date(2025, 12, 13), "en") == "Saturday 13\u00a0December 2025"
    assert (wording.time(dt.time(16, 20)), wording.time(dt.time(10))) == ("16\u00a0h\u00a020", "10\u00a0h")
    assert wording.time(dt.time(16, 5), "en") == "16:05"
    assert [wording.ordinal(rank) for rank in (1, 2, 11)] == ["1er", "2e", "11e"]
    assert [wording.ordinal(rank, "en") for rank in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == (
        ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th"]
    )
    assert wording.listing([]) == ""
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "b", "c"]) == "a, b et c"
    assert wording.listing(["a", "b"], "en") == "a and b"


def test_partial_dates_are_compared_as_intervals():
    assert day("2024").surely_before(day("2025-01"))
    assert not day("2024").surely_before(day("2024-06"))
    assert not day("2024-06").surely_before(day("2024"))
    assert sorted(map(day, ["2024-05-12", "2025", "2024-05"])) == [day("2024-05"), day("2024-05-12"), day("2025")]
    assert (str(day("2024-05").first()), str(day("2024-02").last())) == ("2024-05-01", "2024-02-29")
    assert str(PartialDate.of(dt.date(2024, 5, 12))) == "2024-05-12"


def test_a_moment_stands_for_an_instant_in_a_zone():
    paris = zone_info("Europe/Paris")
    assert Moment.parse("2024-07-01T18:30").at(paris).isoformat() == "2024-07-01T18:30:00+02:00"
    assert Moment.parse("2024-01-01").at(paris).isoformat() == "2024-01-01T00:00:00+01:00"


@pytest.mark.parametrize("name", ["Europe/Nulle", "../x", "Europe", "/etc/localtime", ""])
def test_an_unknown_zone_is_a_key_error(name):
    with pytest.raises(KeyError):
        zone_info(name)


def marked_words():
    """Every text of the package that is marked for translation, with its place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                yield f"{path.name}:{node.lineno}", ast.literal_eval(node.args[0])


def test_the_words_for_people_have_french_spaces_and_apostrophes():
    faults = re.compile(r"« | »| [:;!?](?=\s|$)|[a-zé]'[a-zé]|\.\.\.")
    assert [(place, words) for place, words in marked_words() if faults.search(words)] == []


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0\u00a0o", "0\u00a0B"),
        (999, "999\u00a0o", "999\u00a0B"),
        (80_400, "80\u00a0ko", "80\u00a0kB"),
        (1_250_000, "1,3\u00a0Mo", "1.3\u00a0MB"),
        (12_000_000, "12\u00a0Mo", "12\u00a0MB"),
        (3_400_000_000, "3,4\u00a0Go", "3.4\u00a0GB"),
    ],
)
def test_a_size_is_told_in_steps_of_a_thousand(count, french, english):
    assert (wording.size(count), wording.size(count, "en")) == (french, english)
