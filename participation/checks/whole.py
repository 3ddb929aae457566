"""What only all records together can show: twins in title, name or old address; a format this code does not know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from participation import migrations
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Idea, Project, Record


def same_titles(records: Iterable[Record]) -> Iterator[Problem]:
    """A warning on the second of two ideas, or two projects, of one edition with the same title."""
    first: dict[tuple[str, str, str], Record] = {}
    for record in records:
        if not isinstance(record, Idea | Project) or "title" not in record.data:
            continue
        key = (record.type_name, record.edition, record.display_title.casefold())
        other = first.setdefault(key, record)
        if other is not record:
            yield Problem(
                _("«\u00a0%(id)s\u00a0» a le même titre dans la même édition.") % {"id": other.id},
                record.path,
                field="title",
                hint=_("Si c’est la même fiche, supprimez l’une des deux\u202f; sinon, précisez les titres."),
                severity=Severity.WARNING,
            )


def same_but_for_case(records: Iterable[Record]) -> Iterator[Problem]:
    """A warning on names of files that only capital letters tell apart: some computers see one file."""
    first: dict[str, Record] = {}
    for record in records:
        if record.collective:
            continue
        other = first.setdefault(record.path.casefold(), record)
        if other.path != record.path:
            yield Problem(
                _("Seules les majuscules distinguent ce fichier de «\u00a0%s\u00a0».") % other.path,
                record.path,
                hint=_("Certains ordinateurs n’en verront qu’un\u00a0: changez l’un des deux identifiants."),
                severity=Severity.WARNING,
            )


def same_old_addresses(records: Iterable[Record]) -> Iterator[Problem]:
    """A warning on an old address that another record, or the instance, says to lead elsewhere: the first one wins."""
    first: dict[str, Record] = {}
    for record in records:
        for old in [*record.data.get("old_addresses", ()), *(row["old"] for row in record.data.get("redirects", ()))]:
            other = first.setdefault(str(old), record)
            if other is not record:
                yield Problem(
                    _("L’ancienne adresse «\u00a0%(old)s\u00a0» est déjà celle de «\u00a0%(id)s\u00a0».")
                    % {"old": old, "id": other.id},
                    record.path,
                    field="redirects" if record.type_name == "instance" else "old_addresses",
                    hint=_("Une ancienne adresse ne mène qu’à une page\u00a0: retirez-la d’une des deux fiches."),
                    severity=Severity.WARNING,
                )


def check_instance(instance: Record | None, *, missing: bool) -> Iterator[Problem]:
    """The instance must be there, in the version of the format that this code reads and writes."""
    if instance is None:
        if missing:
            yield Problem(
                _("Le fichier instance.yml manque."),
                "instance.yml",
                hint=_("Un contenu vide se crée avec laureat init."),
            )
        return
    version = instance.data.get("schema")
    if version is None or version == migrations.SCHEMA:
        return
    words = {"version": version, "known": migrations.SCHEMA}
    if version > migrations.SCHEMA:
        message = _("Ce contenu est au format %(version)s, plus récent que celui de ce logiciel (%(known)s).") % words
        hint = _("Installez la dernière version de Lauréat.")
    else:
        message = _("Ce contenu est encore au format %(version)s, ce logiciel attend le format %(known)s.") % words
        hint = _("Mettez-le à niveau avec laureat migrate.")
    yield Problem(message, instance.path, field="schema", hint=hint)
