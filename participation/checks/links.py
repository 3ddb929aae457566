"""References between records and to files: each must lead somewhere, and both ends must say the same.

What exists is asked through a function, so that one record can be checked without reading the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from participation.checks.survey import Survey
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Edition, Idea, PollingPlace, Project, Record, Rule

Lookup = Callable[[str, str], bool]
"""`lookup(type_name, id)`: does it exist? A theme's id is `edition/theme`, and the type `media` asks for a file."""

_HINTS = {
    "theme": _("Ajoutez ce thème à l’édition, ou choisissez-en un autre."),
    "zone": _("Les zones sont déclarées dans zones.geojson."),
    "service": _("Les services sont déclarés dans services.yml."),
}


def check_links(record: Record, found: Survey, lookup: Lookup) -> Iterator[Problem]:
    """References and files that lead nowhere."""
    of_edition = Idea | Project | PollingPlace | Rule
    edition = record.edition if isinstance(record, of_edition) else record.id
    if isinstance(record, of_edition) and not lookup("edition", edition):
        yield Problem(
            _("L’édition «\u00a0%s\u00a0» n’existe pas.") % edition,
            hint=_("Créez le fichier editions/%s/edition.yml.") % edition,
        )
        edition = ""  # its themes are nobody's fault
    for path, label, to, id in found.references:
        if to == record.type_name and id == record.id:
            yield Problem(_("«\u00a0%s\u00a0»\u00a0: la fiche se désigne elle-même.") % label, field=path)
        elif to == "theme" and not edition:
            continue
        elif not lookup(to, f"{edition}/{id}" if to == "theme" else id):
            yield Problem(
                _("«\u00a0%(label)s\u00a0»\u00a0: «\u00a0%(id)s\u00a0» n’existe pas.") % {"label": label, "id": id},
                field=path,
                hint=_HINTS.get(to, _("Corrigez l’identifiant, ou retirez ce lien.")),
            )
    for path, name in found.files:
        if not lookup("media", name):
            yield Problem(
                _("Le fichier «\u00a0media/%s\u00a0» manque.") % name,
                field=path,
                hint=_("Ajoutez-le, ou retirez-le de la fiche."),
            )


def check_both_ends(records: Mapping[tuple[str, str], Record]) -> Iterator[Problem]:
    """Ideas and projects of which one names the other and not the other way round."""
    for (type_name, id), record in records.items():
        if type_name == "project":
            for number, idea_id in enumerate(record.data.get("ideas", ()), 1):
                idea = records.get(("idea", idea_id))
                if idea is not None and idea.data.get("project") != id:
                    words = _("L’idée %(other)s ne nomme pas ce projet.") % {"other": idea_id}
                    yield _one_sided(words, record, f"ideas.{number}")
        elif type_name == "idea" and "project" in record.data:
            project = records.get(("project", record.data["project"]))
            if project is not None and id not in project.data.get("ideas", ()):
                words = _("Le projet %(other)s ne nomme pas cette idée.") % {"other": project.id}
                yield _one_sided(words, record, "project")


def _one_sided(message: str, record: Record, field: str) -> Problem:
    return Problem(
        message,
        record.path,
        field=field,
        hint=_("Ajoutez le lien de l’autre côté, ou retirez-le ici."),
        severity=Severity.WARNING,
    )


def themes_of(edition: Edition) -> Iterable[str]:
    """The themes of an edition as `Lookup` names them."""
    return (f"{edition.id}/{theme['id']}" for theme in edition.data.get("themes", ()) if "id" in theme)
