"""Articles (news) and pages (standing texts): records like the others, with their Markdown inside."""

from __future__ import annotations

from participation.messages import mark as _
from participation.records.base import Record
from participation.records.containers import Refs, Rows
from participation.records.fields import Required
from participation.records.figures import Date, Instant, Integer
from participation.records.parts import Document, Photo
from participation.records.redirects import former_addresses
from participation.records.texts import Flag, Markdown, Note, Ref, Text


class Article(Record):
    """A piece of news, dated."""

    type_name = "article"
    title_words = _("Actualité")

    title = Text(_("Titre"), limit=200, public=True, translatable=True, required=Required.PUBLISH)
    date = Date(_("Date"), public=True, required=Required.PUBLISH, subject=_("La date"))
    summary = Text(_("Chapeau"), limit=400, public=True, translatable=True, subject=_("Le chapeau"))
    body = Markdown(_("Texte"), limit=60_000, public=True, subject=_("Le texte"))
    edition = Ref(_("Édition"), to="edition", public=True)
    projects = Refs(_("Projets concernés"), to="project", public=True)
    events = Refs(_("Rendez-vous concernés"), to="event", public=True)
    zone = Ref(_("Quartier ou canton"), to="zone", public=True)
    photos = Rows(Photo, _("Photos"), key="file", row=_("Photo"), public=True)
    documents = Rows(Document, _("Documents"), key="title", row=_("Document"), public=True)
    old_addresses = former_addresses()
    visible_from = Instant(_("À ne pas publier avant"))
    note = Note(_("Note interne"))


class Page(Record):
    """A standing text: how it works, legal notice, accessibility. Its identifier is its address."""

    type_name = "page"
    title_words = _("Page")

    title = Text(_("Titre"), limit=200, public=True, translatable=True, required=Required.PUBLISH)
    summary = Text(_("Résumé"), limit=400, public=True, translatable=True)
    body = Markdown(_("Texte"), limit=100_000, public=True, required=Required.ADVISED, subject=_("Le texte"))
    in_footer = Flag(_("Lien en bas de page"), public=True)
    order = Integer(_("Ordre"), public=True)
    photos = Rows(Photo, _("Photos"), key="file", row=_("Photo"), public=True)
    old_addresses = former_addresses()
    visible_from = Instant(_("À ne pas publier avant"))
    note = Note(_("Note interne"))
