"""Dates, amounts and delays in the words of a page."""

from __future__ import annotations

import datetime as dt

import pytest

from participation.values import Moment, PartialDate
from site_builder import phrases


@pytest.mark.parametrize(
    ("plain", "date", "on"),
    [
        ("2024-05-01", "1<sup>er</sup>\u00a0mai 2024", "le 1<sup>er</sup>\u00a0mai 2024"),
        ("2024-05-12T18:30", "12\u00a0mai 2024", None),
        ("2024-05", "mai 2024", "en mai 2024"),
        ("2024", "2024", "en 2024"),
        ("", "", ""),
    ],
)
def test_a_date_is_as_precise_as_what_is_known(plain, date, on):
    assert phrases.date(plain, "fr") == date
    if on is not None:
        assert phrases.on_date(plain, "fr") == on


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-02", "2027-01-31", "du 2\u00a0novembre 2026 au 31\u00a0janvier 2027"),
        ("2026-10-05", "", "à partir du 5\u00a0octobre 2026"),
        ("2026-10-01", "", "à partir du 1<sup>er</sup>\u00a0octobre 2026"),
        ("2026-10", "", "à partir d’octobre 2026"),
        ("2026-03", "", "à partir de mars 2026"),
        ("", "2026-10-05", "jusqu’au 5\u00a0octobre 2026"),
        ("", "2026-10", "jusqu’à octobre 2026"),
    ],
)
def test_a_range_says_the_ends_that_are_known(start, end, expected):
    assert phrases.date_range(start, end, "fr") == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-02", "2027-01-31", "2\u00a0nov. – 31\u00a0janv.\u00a02027"),
        ("2024-11-02", "2027-01-31", "2\u00a0nov.\u00a02024 – 31\u00a0janv.\u00a02027"),
        ("2027-05-01", "2027-05-09", "1<sup>er</sup> – 9\u00a0mai\u00a02027"),
        ("2024-01", "2024-06", "janv. – juin\u00a02024"),
        ("2027-09", "2030", "sept.\u00a02027 – 2030"),
        ("2027-06-24", "2027-06-24", "24\u00a0juin\u00a02027"),
        ("2030", "", "dès 2030"),
        ("", "2027-05-01", "jusqu’au 1<sup>er</sup>\u00a0mai\u00a02027"),
    ],
)
def test_a_short_range_fits_a_timeline(start, end, expected):
    assert phrases.short_range(start, end, "fr") == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-12-13T10:00", "", "samedi 13\u00a0décembre 2025, 10\u00a0h"),
        ("2025-12-13T10:00", "2025-12-13T11:30", "samedi 13\u00a0décembre 2025, de 10\u00a0h à 11\u00a0h\u00a030"),
        ("2025-12-13", "2025-12-13", "samedi 13\u00a0décembre 2025"),
        ("2025-12-13", "2026-01-01", "du samedi 13\u00a0décembre 2025 au jeudi 1<sup>er</sup>\u00a0janvier 2026"),
    ],
)
def test_a_period_says_the_day_once(start, end, expected):
    assert phrases.period(Moment.parse(start), Moment.parse(end) if end else None, "fr") == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, "1 jour"),
        (-3, "3 jours"),
        (14, "2 semaines"),
        (60, "9 semaines"),
        (61, "2 mois"),
        (366, "12 mois"),
        (740, "2 ans"),
    ],
)
def test_a_delay_is_said_as_people_say_it(days, expected):
    assert phrases.delay(days, "fr").replace("\u00a0", " ") == expected


def test_the_axis_says_the_year_where_it_changes():
    months = [PartialDate(2025, 9), PartialDate(2025, 12), PartialDate(2026, 3)]
    assert phrases.months_axis(months, "fr") == ["sept.\u00a025", "déc.", "mars\u00a026"]


def test_money_and_blocks_of_days():
    assert phrases.money("45000", "fr", "EUR") == "45\u202f000\u00a0€"
    assert phrases.day_block(dt.date(2025, 12, 13), "fr") == ("sam.", "13", "déc.")
    assert phrases.day_block(dt.date(2025, 12, 13), "en") == ("Sat", "13", "Dec")
    assert phrases.month(2025, 12, "fr") == "Décembre 2025"


@pytest.mark.parametrize(
    ("rank", "lang", "expected"),
    [(1, "fr", "1<sup>er</sup>"), (3, "fr", "3<sup>e</sup>"), (1, "en", "1st"), (23, "en", "23rd")],
)
def test_a_rank_is_an_ordinal(rank, lang, expected):
    assert phrases.ordinal(rank, lang) == expected
