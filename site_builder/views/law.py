"""The pages that the law asks for, from the fields of the instance; what their words say is in the templates."""

from __future__ import annotations

from collections.abc import Iterator

from participation.messages import mark as _
from site_builder import law
from site_builder.addresses import of_record
from site_builder.cards import text
from site_builder.engine import Engine
from site_builder.given import Given
from site_builder.views import detailed
from site_builder.views.common import Article

BASE = "../"


def pages(engine: Engine) -> Iterator[tuple[str, Article]]:
    """Address and article of each page that the town has not written itself; eco-design is in `footprint`."""
    town = engine.town
    for id in town.law_pages:
        if id != law.ECO:
            title = law.title(id, town.accessibility, engine.translate)
            html = engine.render(f"loi-{id}.html", base=BASE, title=title, **_about(engine, id))
            yield of_record("page", id), Article(title, _description(engine, id), html)


def _about(engine: Engine, id: str) -> dict[str, object]:
    town = engine.town
    known = town.accessibility
    about: dict[str, object] = {"publisher": town.legal.get("publisher") or town.name or town.title}
    if id == law.ACCESSIBILITY:
        texts = ("defects", "burden", "exempt", "tested")
        about |= {name: engine.markdown(text(known.get(name, ""), engine.lang), BASE) for name in texts}
        about |= {"known": Given(known), "conformity": engine.translate(law.conformity_words(known))}
        about["audited"] = "rate" in known and "audited_on" in known
    if id == law.PRIVACY:
        about["after"] = detailed.consent(engine, BASE)
    return about | {"legal": Given(town.legal)}


def _description(engine: Engine, id: str) -> str:
    words = {
        law.ACCESSIBILITY: _("Déclaration d’accessibilité de ce site."),
        law.LEGAL: _("Qui édite et héberge ce site, ce que l’on peut en reprendre."),
        law.PRIVACY: _("Ce que ce site sait de vous, et vos droits."),
    }
    return engine.translate(words[id])
