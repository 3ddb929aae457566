"""Templates of the server's own before ours: a folder that a setting names, never one of the content.

A template there replaces ours of the same name, and may take ours in with `{% include "laureat/edition.html" %}`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import jinja2

from participation.messages import mark as _
from participation.problems import LaureatError, Problem, Severity

OURS = "laureat"
"""Before the name of one of our templates, also where another one replaces it."""


class TemplatesRefused(LaureatError):
    """The folder of templates cannot be used."""


class TemplateFault(LaureatError):
    """A template cannot be read or filled; the words name its file and line."""


def template_fault(fault: jinja2.TemplateError, template: str) -> TemplateFault:
    """What to raise when Jinja2 refused `template`, or something that it takes in."""
    name = getattr(fault, "filename", None) or getattr(fault, "name", None) or template
    line = getattr(fault, "lineno", None)
    place = f"{name}:{line}" if line else str(name)
    return TemplateFault(
        _("Un gabarit contient une faute\u00a0: %s.") % f"{place} {fault}",
        kept=_("Le site en ligne est resté tel qu’il était."),
        hint=_("Corrigez ce gabarit, ou retirez-le du dossier des gabarits."),
    )


def loader(theme: Path, folder: Path | None) -> jinja2.BaseLoader:
    """Where templates are read from: the server's folder first, then ours."""
    ours = jinja2.FileSystemLoader(theme / "templates")
    if folder is None:
        return ours
    return jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder), ours, jinja2.PrefixLoader({OURS: ours})])


def check_folder(folder: Path, content: Path) -> None:
    """Raise TemplatesRefused unless the folder is there and lies outside the content, whose files never run."""
    if not folder.is_dir():
        raise TemplatesRefused(
            _("Le dossier des gabarits «\u00a0%s\u00a0» n’existe pas.") % folder,
            hint=_("Créez-le, ou retirez le réglage."),
        )
    if folder.resolve().is_relative_to(content.resolve()):
        raise TemplatesRefused(
            _("Le dossier des gabarits est dans le contenu."),
            hint=_("Un gabarit est un programme, un contenu jamais\u00a0: placez le dossier ailleurs sur le serveur."),
        )


def check_templates(environment: jinja2.Environment, theme: Path, folder: Path) -> list[Problem]:
    """Compile each template of the folder (raises TemplateFault); a warning for one that replaces none of ours."""
    problems = []
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        try:
            environment.get_template(name)
        except jinja2.TemplateError as fault:
            raise template_fault(fault, name) from fault
        if not (theme / "templates" / name).is_file() and not file.name.startswith("_"):
            words = _("Ce gabarit du serveur n’en remplace aucun.")
            hint = _("Son nom est celui d’un gabarit de Lauréat\u202f; un morceau à inclure commence par un tiret bas.")
            problems.append(Problem(words, file=str(file), hint=hint, severity=Severity.WARNING))
    return problems


def folder_key(folder: Path | None) -> str:
    """The content of the folder's templates as one hash; "" without a folder."""
    if folder is None:
        return ""
    made = hashlib.blake2b(digest_size=16)
    for file in _files(folder):
        content = file.read_bytes()
        made.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return made.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.html") if file.is_file())
