"""Which standard texts there are, and one of them with the words of a record in it. Nothing is sent or saved here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.content import Content
from backoffice.records.formdata import Pairs
from backoffice.records.states import PREFIX
from participation.records import Record

REASON = f"{PREFIX}reason"
ACT = "text:"
CHOSEN = "_text"  # in a form: the number of the text that is asked for


@dataclass(frozen=True, slots=True)
class StandardText:
    """One text: its number in the settings, from 1, its name, what it serves for, its words with marks to fill in."""

    number: int
    title: str
    use: str
    text: str


def known(content: Content, use: str = "") -> list[StandardText]:
    """The texts of the instance, in order; those of one use where it is named."""
    rows = content.snapshot().instance.data.get("standard_texts", [])
    found = [
        StandardText(number, str(row["title"]), str(row.get("use", "reason")), str(row.get("text", "")))
        for number, row in enumerate(rows, 1)
    ]
    return [one for one in found if use in ("", one.use)]


def filled(text: str, record: Record, content: Content) -> str:
    """The words with the marks `{titre}`, `{numéro}`, `{quartier}`, `{service}`, `{édition}` put in; "…" for none."""
    index = content.index()
    zone, service = (str(record.data.get(name, "")) for name in ("zone", "service"))
    edition = str(record.data.get("edition", "")) or record.id.partition("-")[0]
    words: Mapping[str, str] = {
        "{titre}": record.display_title if record.data.get("title") else "",
        "{numéro}": record.id,
        "{quartier}": index.title("zone", zone) if zone else "",
        "{service}": index.title("service", service) if service else "",
        "{édition}": index.title("edition", edition) if edition else "",
    }
    for mark, value in words.items():
        text = text.replace(mark, value or "…")
    return text


def act(record: Record, pairs: Pairs, asked: str, number: str, content: Content) -> Pairs | None:
    """Carry out `text:etat.reason`: the chosen text after what is typed there; None when it is another act."""
    name = asked.removeprefix(ACT)
    if not asked.startswith(ACT) or name.rpartition(".")[0] not in (REASON, PREFIX.rstrip(".")):
        return None
    one = next((one for one in known(content) if str(one.number) == number), None)
    if one is None:
        return pairs
    typed = pairs.get(name, "").rstrip()
    words = filled(one.text, record, content)
    return pairs | {name: f"{typed}\n\n{words}" if typed else words}
