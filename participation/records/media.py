"""What is known of a file under `media/`: its title, its words, whose it is, who can be recognised on it.

Kept beside the file and not in it, in `library/<path>.yml`: what a camera wrote is taken out of pictures. Nothing of it
is public: a page shows the words of the record that shows the picture. It is no record of a page, a list or a form
of its own, so `TYPES` does not name it; `participation.store.media` reads and writes it.
"""

from __future__ import annotations

from participation.messages import mark as _
from participation.records.base import Record
from participation.records.figures import Date
from participation.records.texts import Choice, Code, Note, Text

PEOPLE = {
    "none": _("Personne n’est reconnaissable"),
    "agreed": _("Des personnes sont reconnaissables, leur accord écrit est gardé"),
    "asked": _("Des personnes sont reconnaissables, leur accord manque encore"),
}
"""Whether anybody can be recognised. With the last one nothing that shows the file is published."""
WITHHELD = "asked"


class MediaFile(Record):
    """The facts of one file; its identifier is the path below `media/`."""

    type_name = "media"
    title_words = _("Photo ou document")

    title = Text(_("Titre"), limit=120, help=_("Pour le retrouver\u202f; il peut changer, l’adresse du fichier reste."))
    alt = Text(
        _("Texte de remplacement"),
        limit=300,
        translatable=True,
        help=_(
            "Lu à voix haute à qui ne voit pas l’image. Dites ce qu’elle montre, en une phrase, "
            "sans «\u00a0photo de\u00a0»."
        ),
    )
    credit = Text(_("Crédit"), limit=160, help=_("Qui a fait l’image, ou à qui elle appartient."))
    date = Date(_("Date de prise de vue"))
    people = Choice(
        _("Personnes"),
        options=PEOPLE,
        help=_(
            "Un visage ou une silhouette que l’on reconnaît demande un accord écrit, celui des parents pour un enfant."
        ),
    )
    note = Note(
        _("Où l’accord est rangé"),
        limit=500,
        help=_("Par exemple «\u00a0classeur Communication 2026, n°\u00a012\u00a0». Jamais le nom des personnes."),
    )
    added = Date(_("Ajouté le"))
    source = Code(_("Empreinte du fichier déposé"), pattern=r"[0-9a-f]{64}")
