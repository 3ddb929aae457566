"""What a template needs to draw the form of a record: one view for each field, from its declaration and the pairs.

Nothing is decided about values here; errors come from the declarations and are only put beside their field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backoffice.i18n import _
from backoffice.records.formdata import Pairs, count_rows, form_fields
from participation import library, wording
from participation.messages import mark
from participation.problems import Problem
from participation.records.base import Fielded, Record
from participation.records.containers import MOST_ROWS, Group, PlaceField, Refs, Rows, Texts
from participation.records.fields import Field, Required
from participation.records.figures import Date, Instant, Integer, Money, When
from participation.records.parts import Photo
from participation.records.texts import Choice, Flag, Markdown, Media, Note, Ref, Text

Option = tuple[str, str]  # value, words
Finder = Callable[[str], "References"]

NEED = {
    Required.NO: mark("(facultatif)"),
    Required.ADVISED: mark("(conseillé)"),
    Required.PUBLISH: mark("(nécessaire pour publier)"),
    Required.SAVE: "",
}
MANY = 40  # options: beyond, one types with suggestions instead of unrolling a list


@dataclass(frozen=True, slots=True)
class References:
    """The records that a reference may name: id and title. `complete` is False when only some are listed."""

    options: Sequence[Option]
    titles: Mapping[str, str]
    complete: bool = True


@dataclass(slots=True)
class FieldView:
    """One field of the page. `name` is the dotted path, `widget` the macro that draws it."""

    name: str
    widget: str
    label: str
    help: str = ""
    need: str = ""
    private: bool = False
    value: str = ""
    limit: int = 0
    errors: list[str] = field(default_factory=list)
    options: Sequence[Option] = ()
    children: list[FieldView] = field(default_factory=list)
    rows: list[RowView] = field(default_factory=list)
    row_word: str = ""
    to: str = ""  # of a reference: the type of what it names, where that is searched; of a file: what it is
    named: list[tuple[str, str]] = field(default_factory=list)  # ids named by the value, with their titles

    @property
    def id(self) -> str:
        """The id of the field on the page."""
        return f"f-{self.name.replace('.', '-')}"

    @property
    def count(self) -> int:
        """Characters typed so far."""
        return len(self.value)

    @property
    def describedby(self) -> str:
        """The ids of help and error, for aria-describedby."""
        ids = ([f"h{self.id}"] if self.help else []) + ([f"e{self.id}"] if self.errors else [])
        return " ".join(ids + ([f"c{self.id}"] if self.limit else []))


@dataclass(slots=True)
class RowView:
    """One row of a repeatable field; `blank` for the extra one at the end."""

    number: int
    title: str
    children: list[FieldView]
    blank: bool
    first: bool
    last: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: its title and its fields."""

    id: str
    title: str
    fields: list[FieldView]


def sections(
    kind: type[Record],
    pairs: Pairs,
    errors: Iterable[Problem],
    find: Finder,
    languages: Sequence[str] = ("fr",),
    eye: str = "",
) -> list[Section]:
    """The whole form, in the order of the declarations. `eye` names a row to leave room for."""
    drawer = _Drawer(pairs, find, languages, eye)
    views: dict[str, list[FieldView]] = {}
    for name, declared in form_fields(kind).items():
        views.setdefault(declared.section or mark("La fiche"), []).append(drawer.view(declared, name))
    parts = [Section(f"p{number}", _(title), fields) for number, (title, fields) in enumerate(views.items(), 1)]
    place_errors([view for part in parts for view in part.fields], errors)
    return parts


def fields_of(
    part: type[Fielded], names: Sequence[str], pairs: Pairs, prefix: str, find: Finder, languages: Sequence[str]
) -> list[FieldView]:
    """Views of some fields of a part, their names under `prefix`."""
    drawer = _Drawer(pairs, find, languages, "")
    return [drawer.view(part.fields[name], prefix + name) for name in names]


def place_errors(views: Sequence[FieldView], errors: Iterable[Problem]) -> None:
    """Put each problem beside the field it names, or beside the nearest one that is on the page."""
    by_name = dict(_walk(views))
    for problem in errors:
        name = problem.field
        while name and name not in by_name:
            name = name.rpartition(".")[0]
        if name:
            words = " ".join(filter(None, (_(problem.message), _(problem.hint))))
            by_name[name].errors.append(words)


def _walk(views: Sequence[FieldView]) -> Iterable[tuple[str, FieldView]]:
    for view in views:
        yield view.name, view
        yield from _walk(view.children)
        for row in view.rows:
            yield from _walk(row.children)


class _Drawer:
    """Carries what every view needs: the pairs, the finder of references, the languages."""

    def __init__(self, pairs: Pairs, find: Finder, languages: Sequence[str], eye: str) -> None:
        self.pairs = pairs
        self.find = find
        self.languages = languages
        self.eye = eye

    def view(self, declared: Field[Any], name: str, outer_private: bool = False) -> FieldView:
        view = FieldView(
            name=name,
            widget="line",
            label=_(declared.label),
            help=_(declared.help),
            need=_(NEED[declared.required]),
            private=not declared.public and not outer_private,
            value=self.pairs.get(name, ""),
        )
        if isinstance(declared, Group):
            view.widget, view.need = "group", ""
            view.children = self._children(declared.part, name, view.private or outer_private)
        elif isinstance(declared, Rows):
            view.widget, view.need, view.row_word = "rows", "", _(declared.row)
            view.rows = self._rows(declared, name, view.private or outer_private)
        elif isinstance(declared, PlaceField):
            view.widget = "place"
            view.children = self._place(name)
        else:
            self._scalar(declared, view)
        return view

    def _scalar(self, declared: Field[Any], view: FieldView) -> None:
        if isinstance(declared, Refs):
            found = self.find(declared.to)
            view.widget, view.options, view.to = "refs", found.options, declared.to
            view.named = [(one, found.titles[one]) for one in view.value.split("\n") if one in found.titles]
            view.help = view.help or _("Un numéro ou un titre de fiche par ligne.")
        elif isinstance(declared, Texts):
            view.widget, view.help = "lines", view.help or _("Un par ligne.")
        elif isinstance(declared, Ref):
            self._reference(declared, view)
        elif isinstance(declared, Choice):
            view.widget = "select" if len(declared.options) > 5 else "radios"
            view.options = [(code, _(words)) for code, words in declared.options.items()]
        elif isinstance(declared, Flag):
            view.widget = "flag"
        elif isinstance(declared, Money):
            view.widget = "money"
        elif isinstance(declared, Integer):
            view.widget = "number"
        elif isinstance(declared, Date | When | Instant):
            view.widget = "date"
            if view.name.count(".") > 1:
                return  # in a row the example of the first date is enough: errors repeat it
            view.help = view.help or (
                _("Par exemple 12/05/2024, mai 2024 ou 2024.")
                if type(declared) is Date
                else _("Par exemple 12/05/2024 18:30.")
                if not isinstance(declared, Date)
                else _("Par exemple 12/05/2024.")
            )
        elif isinstance(declared, Media):
            view.widget, view.to = "media", library.kind_of(view.value) if library.is_path(view.value) else ""
        elif isinstance(declared, Text):
            self._text(declared, view)

    def _text(self, declared: Text, view: FieldView) -> None:
        widget = "markdown" if isinstance(declared, Markdown) and not isinstance(declared, Note) else "line"
        widget = "note" if isinstance(declared, Note) else widget
        if widget == "line" and declared.limit >= 250 and type(declared) is Text:
            widget = "note"
        view.widget, view.limit = widget, declared.limit if type(declared) in (Text, Markdown, Note) else 0
        several = [lang for lang in self.languages if f"{view.name}.{lang}" in self.pairs]
        if declared.translatable and (several or (len(self.languages) > 1 and view.name not in self.pairs)):
            view.children = [
                FieldView(
                    name=f"{view.name}.{lang}",
                    widget=widget,
                    label=f"{view.label} ({lang})",
                    help=view.help if lang == self.languages[0] else "",
                    value=self.pairs.get(f"{view.name}.{lang}", ""),
                    limit=view.limit,
                )
                for lang in dict.fromkeys([*self.languages, *several])
            ]
            view.widget = "languages"

    def _reference(self, declared: Ref, view: FieldView) -> None:
        found = self.find(declared.to)
        known = view.value in found.titles
        view.widget = "select" if found.complete and len(found.options) <= MANY else "suggest"
        view.options = found.options
        if view.widget == "select" and view.value and all(view.value != option[0] for option in found.options):
            view.options = [*found.options, (view.value, found.titles.get(view.value, view.value))]
        if view.widget == "suggest":
            view.to = declared.to if not found.complete else ""
            view.named = [(view.value, found.titles[view.value])] if known else []

    def _children(self, part: type[Fielded], name: str, private: bool) -> list[FieldView]:
        views = [self.view(inner, f"{name}.{key}", private) for key, inner in part.fields.items()]
        if part is Photo:  # the checks ask for its words before it is published, and never before it is saved
            next(view for view in views if view.name.endswith(".alt")).need = _(NEED[Required.PUBLISH])
        return views

    def _rows(self, declared: Rows[Any], name: str, private: bool) -> list[RowView]:
        count = count_rows(self.pairs, name)
        rows = []
        for number in range(1, min(count + 1, MOST_ROWS) + 1):  # one more than there are, to be filled in
            children = self._children(declared.part, f"{name}.{number}", private)
            title = _row_title(_(declared.row), number, children[0])
            rows.append(
                RowView(
                    number,
                    title,
                    children,
                    blank=number > count,
                    first=number == 1,
                    last=number >= count,
                    open=self.eye == f"{name}.{number}",
                )
            )
        return rows

    def _place(self, name: str) -> list[FieldView]:
        labels = {
            "name": _("Nom du lieu"),
            "address": _("Adresse ou repère"),
            "latitude": _("Latitude"),
            "longitude": _("Longitude"),
        }
        whole = FieldView(f"{name}.whole", "box", _("Tout le territoire"), value=self.pairs.get(f"{name}.whole", ""))
        texts = [
            FieldView(
                f"{name}.{key}", "line", words, need=_(NEED[Required.NO]), value=self.pairs.get(f"{name}.{key}", "")
            )
            for key, words in labels.items()
        ]
        return [whole, *texts]


def _row_title(word: str, number: int, first: FieldView) -> str:
    """`Étape 2 : Travaux`: what the row is about, where its first field says so."""
    about = dict(first.options).get(first.value, first.value if first.widget in ("line", "media") else "")
    row = f"{word} {number}"
    return _("%(label)s\u00a0: %(value)s") % {"label": row, "value": about} if about else row


def limit_words(count: int, limit: int) -> str:
    """`319 caractères sur 280`."""
    return _("%(count)s caractères sur %(limit)s") % {"count": wording.number(count), "limit": wording.number(limit)}
