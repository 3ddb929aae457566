"""The fields that ideas, projects and events declare alike, each in its own section of the form."""

from __future__ import annotations

from participation.messages import mark as _
from participation.records.containers import Rows
from participation.records.fields import Required
from participation.records.parts import Document, Photo
from participation.records.texts import Text


def title(section: str, help: str = "") -> Text:
    """What people call it: advised, never needed to save."""
    return Text(
        _("Titre"),
        limit=200,
        public=True,
        required=Required.ADVISED,
        translatable=True,
        section=section,
        subject=_("Le titre"),
        help=help,
    )


def summary(section: str, help: str = "") -> Text:
    """It in a sentence or two, for lists and for who shares it."""
    return Text(
        _("Résumé"),
        limit=400,
        public=True,
        translatable=True,
        section=section,
        subject=_("Le résumé"),
        help=help,
    )


def photos() -> Rows[Photo]:
    """Pictures, the first of which stands for the record."""
    return Rows(Photo, _("Photos"), key="file", row=_("Photo"), public=True, section=_("Photos et documents"))


def documents() -> Rows[Document]:
    """Files to download."""
    label, section = _("Documents"), _("Photos et documents")
    return Rows(Document, label, key="title", row=_("Document"), public=True, section=section)
