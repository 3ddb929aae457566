"""What is wrong with a content beyond one file's own text: links, life cycle, dates, money, contacts, duplicates.

Pure functions on records; reading files and giving lines to problems is for those who have the files. An error on a
record holds that record back; an error on the instance or an edition stops the publication.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from participation.checks.contacts import check_contacts, known_contacts
from participation.checks.links import Lookup, check_both_ends, check_links, themes_of
from participation.checks.pictures import check_pictures
from participation.checks.sense import CHECKS
from participation.checks.survey import survey
from participation.checks.whole import check_instance, same_but_for_case, same_old_addresses, same_titles
from participation.layout import COLLECTIVE_FILES, path_for
from participation.problems import Problem
from participation.records import Edition, Record

__all__ = ["Lookup", "check_content", "check_record", "known_contacts"]


def check_record(record: Record, lookup: Lookup, known: Container[str] = frozenset()) -> list[Problem]:
    """What is wrong with one record, without reading the others; problems have its path and no line.

    `known` holds the contacts that may stand in any text (`known_contacts` of instance and services).
    """
    found = survey(record)
    problems = [*check_links(record, found, lookup), *check_contacts(found.texts, known), *check_pictures(record)]
    for check in CHECKS.get(record.type_name, ()):
        problems += check(record)
    if record.collective:  # several in one file: the field says which
        return [Problem(p.message, record.path, None, f"{record.id}.{p.field}", p.hint, p.severity) for p in problems]
    return [problem.at(record.path) for problem in problems]


def check_content(
    records: Iterable[Record], paths: Container[str], unreadable: Container[str] = frozenset()
) -> list[Problem]:
    """What is wrong with a whole content, by file; problems have no line.

    `paths` knows every file of the content, `unreadable` those whose records could not be read: their reader has told
    why, so nothing that refers to them is reported here.
    """
    index = {(record.type_name, record.id): record for record in records}
    lookup = _lookup_in(index, paths, unreadable)
    known = known_contacts(record for (kind, _id), record in index.items() if kind in {"instance", "service"})
    problems: list[Problem] = []
    for record in index.values():
        problems += check_record(record, lookup, known)
    problems += check_both_ends(index)
    problems += same_titles(index.values())
    problems += same_old_addresses(index.values())
    problems += same_but_for_case(index.values())
    problems += check_instance(index.get(("instance", "instance")), missing="instance.yml" not in paths)
    return sorted(problems, key=lambda problem: problem.file)


def _lookup_in(index: Mapping[tuple[str, str], Record], paths: Container[str], unreadable: Container[str]) -> Lookup:
    themes = {theme for record in index.values() if isinstance(record, Edition) for theme in themes_of(record)}
    unknown = {kind for file, kind in COLLECTIVE_FILES.items() if file in unreadable}

    def lookup(type_name: str, id: str) -> bool:
        if (type_name, id) in index or type_name in unknown:
            return True
        if type_name == "media":
            return f"media/{id}" in paths
        if type_name == "theme":
            return id in themes or ("edition", id.partition("/")[0]) not in index
        if type_name in COLLECTIVE_FILES.values():
            return False
        try:
            return path_for(type_name, id) in paths
        except ValueError:
            return False

    return lookup
