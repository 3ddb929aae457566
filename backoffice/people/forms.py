"""The form of a person: fields, their words, and what they ask of each other. Tokens are added by the template."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wtforms import BooleanField, EmailField, Form, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.validators import Optional as Maybe

from backoffice.registry.people import FIELDS
from participation.messages import mark

KEPT_YEARS = (
    3  # without a decision: the time of an edition and of its works; the CNIL asks for a limit that is justified
)
LONGEST_YEARS = 10
DAYS = ("consent_on", "retain_until")


class PersonForm(Form):
    """Who it is, how to reach them, what they agreed to, how long they are kept."""

    name = StringField(
        mark("Nom"), [InputRequired(mark("Écrivez le nom.")), Length(max=200, message=mark("C’est trop long."))]
    )
    email = EmailField(
        mark("Adresse électronique"),
        [
            Maybe(),
            Length(max=200),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=mark("Cette adresse n’est pas complète.")),
        ],
    )
    phone = TelField(mark("Téléphone"), [Length(max=60)])
    address = StringField(mark("Adresse postale"), [Length(max=300)])
    public_label = StringField(mark("Nom public"), [Length(max=80)])
    consent_on = StringField(mark("Accord donné le"))
    consent_text = TextAreaField(mark("Ce qui a été accepté"), [Length(max=4_000)])
    minor = BooleanField(mark("Cette personne est mineure"))
    guardian = StringField(mark("Parent ou tuteur"), [Length(max=200)])
    guardian_contact = StringField(mark("Contact du parent ou tuteur"), [Length(max=200)])
    note = TextAreaField(mark("Note interne"), [Length(max=4_000)])
    retain_until = StringField(mark("À garder jusqu’au"))

    def values(self) -> dict[str, Any]:
        """What is typed, by column; a day that was not understood is None."""
        typed = {name: self[name].data for name in FIELDS}
        texts = {name: (value or "").strip() if isinstance(value, str) else value for name, value in typed.items()}
        return {
            name: day_of(value) if name in DAYS else (value if value is not None else "")
            for name, value in texts.items()
        }

    def faults(self, today: dt.date) -> list[tuple[str, str]]:
        """Field and sentence of what the fields ask of each other."""
        values, found = self.values(), []
        if self.consent_on.data and values["consent_on"] is None:
            found.append(("consent_on", mark("Cette date n’est pas comprise\u00a0: écrivez-la comme 24/11/2025.")))
        elif values["consent_on"] is not None and values["consent_on"] > today:
            found.append(("consent_on", mark("Cet accord est daté de l’avenir.")))
        if (values["consent_on"] is None) != (not values["consent_text"]):
            found.append(("consent_text", mark("Un accord a une date et un texte\u00a0: donnez les deux.")))
        if values["public_label"] and values["consent_on"] is None:
            found.append(("public_label", mark("Un nom public demande un accord\u00a0: donnez sa date et son texte.")))
        if values["minor"] and not values["guardian"]:
            found.append(("guardian", mark("Pour une personne mineure, écrivez qui la représente.")))
        if values["retain_until"] is None or not today <= values["retain_until"] <= last_end(today):
            found.append(("retain_until", mark("Écrivez une date à venir, dix ans au plus.")))
        return found


def typed(value: object) -> object:
    """A value as a form shows it."""
    return value.isoformat() if isinstance(value, dt.date) else value if value is not None else ""


def day_of(text: object) -> dt.date | None:
    """A day typed as `2025-11-24` or `24/11/2025`."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(str(text), form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


def usual_end(today: dt.date) -> dt.date:
    """Until when a person is kept if nobody says otherwise."""
    return _years_later(today, KEPT_YEARS)


def last_end(today: dt.date) -> dt.date:
    """Until when a person may be kept at most."""
    return _years_later(today, LONGEST_YEARS)


def _years_later(day: dt.date, years: int) -> dt.date:
    return (
        day.replace(year=day.year + years, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year + years)
    )
