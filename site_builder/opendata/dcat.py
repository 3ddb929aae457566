"""The catalogue for programs: DCAT-AP 3 as JSON-LD, one data set for each table, one distribution for each file.

Addresses are whole where the instance says its own, else relative to the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from participation.messages import mark as _
from site_builder.addresses import slug
from site_builder.engine import Engine
from site_builder.opendata.inventory import FORMATS, Entry
from site_builder.opendata.licences import licence_of
from site_builder.opendata.tables import FILE_NAMES
from site_builder.results.names import FORMATS as RESULTS
from site_builder.results.names import SCHEMA_NAME, TYPE

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = {"fr": "FRA", "en": "ENG"}
_FORMATS = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("JSON", "application/json"),
    "geojson": ("GEOJSON", "application/geo+json"),
    "pb": ("CSV", "text/csv"),
    "pdf": ("PDF", "application/pdf"),
    "zip": ("ZIP", "application/zip"),
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
TITLES = {"project": _("Projets"), "idea": _("Idées"), "event": _("Rendez-vous"), TYPE: _("Résultats du vote")}
DESCRIPTIONS = {
    "project": _("Les projets mis au vote, et ce qu’ils sont devenus\u00a0: état, étapes, argent, lieu."),
    "idea": _("Les idées proposées et la réponse qui leur a été faite."),
    TYPE: _("Le comptage d’un vote, ses bulletins anonymes, et de quoi le refaire."),
    "event": _("Les réunions, ateliers, votes et inaugurations, passés et à venir."),
}


def catalogue(engine: Engine, entries: Iterable[Entry]) -> dict[str, Any]:
    """The whole catalogue of what lies in the folder."""
    return _Catalogue(engine).made(list(entries))


class _Catalogue:
    def __init__(self, engine: Engine) -> None:
        self.town, self.translate, self.lang = engine.town, engine.translate, engine.lang
        self.base = f"{self.town.url}/donnees/" if self.town.url else ""

    def made(self, entries: list[Entry]) -> dict[str, Any]:
        sets: dict[tuple[str, str], list[Entry]] = {}
        for one in entries:
            if one.format in (*FORMATS, *RESULTS):
                sets.setdefault((one.type, one.edition), []).append(one)
        title = self.translate(_("Données ouvertes"))
        name = f"{self.town.title} – {self.town.name}" if self.town.name else self.town.title
        return {
            "@context": _CONTEXT,
            "@id": f"{self.base}catalogue.jsonld",
            "@type": "dcat:Catalog",
            "dct:title": self._words(f"{title}, {name}"),
            "dct:description": self._words(self.translate(_("Les données publiques du budget participatif."))),
            "dct:publisher": self._publisher(),
            "dct:language": self._language(),
            "foaf:homepage": {"@id": self.base or "./", "@type": "foaf:Document"},
            **self._modified(entries),
            **self._licence(),
            "dcat:dataset": [self._data_set(*key, files) for key, files in sets.items()],
        }

    def _data_set(self, type_name: str, edition: str, files: list[Entry]) -> dict[str, Any]:
        name = f"resultats-{slug(edition)}" if type_name == TYPE else files[0].file.rpartition(".")[0]
        title = self.translate(TITLES[type_name])
        if edition:
            title = f"{title}, {self.town.edition(edition)}"
        found: dict[str, Any] = {
            "@id": f"{self.base}#{name}",
            "@type": "dcat:Dataset",
            "dct:identifier": name,
            "dct:title": self._words(title),
            "dct:description": self._words(self.translate(DESCRIPTIONS[type_name])),
            "dct:publisher": self._publisher(),
            "dct:language": self._language(),
            "dcat:theme": {
                "@id": f"{_EU}data-theme/GOVE",
                "@type": "skos:Concept",
                "skos:prefLabel": self._words(self.translate(_("Gouvernement et secteur public"))),
            },
            "dcat:keyword": [self._words(self.translate(_("budget participatif"))), self._words(self.town.name)],
            "dcat:landingPage": {"@id": self.base or "./", "@type": "foaf:Document"},
            **self._modified(files),
            **self._contact(),
            "dcat:distribution": [self._distribution(one) for one in files],
        }
        if not self.town.name:
            found["dcat:keyword"].pop()
        return found

    def _distribution(self, one: Entry) -> dict[str, Any]:
        address = {"@id": f"{self.base}{one.file}", "@type": "rdfs:Resource"}
        authority, media_type = _FORMATS[one.format]
        schema = "json-schema" if one.format == "json" else "table-schema"
        found: dict[str, Any] = {
            "@id": f"{self.base}#{one.file}",
            "@type": "dcat:Distribution",
            "dct:title": self._words(one.file),
            "dcat:accessURL": address,
            "dcat:downloadURL": address,
            "dct:format": {"@id": f"{_EU}file-type/{authority}", "@type": "dct:MediaTypeOrExtent"},
            "dcat:mediaType": {"@id": f"{_IANA}{media_type}", "@type": "dct:MediaType"},
            "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(one.bytes)},
            **self._modified([one]),
            **self._licence(),
        }
        if one.type == TYPE:
            if one.format == "json":
                found["dct:conformsTo"] = {"@id": f"{self.base}{SCHEMA_NAME}", "@type": "dct:Standard"}
        elif one.format != "geojson":
            described = f"{self.base}{FILE_NAMES[one.type]}.{schema}.json"
            found["dct:conformsTo"] = {"@id": described, "@type": "dct:Standard"}
        return found

    def _words(self, text: str) -> dict[str, str]:
        return {"@language": self.lang, "@value": text}

    def _language(self) -> dict[str, str]:
        return {"@id": f"{_EU}language/{_LANGUAGES.get(self.lang, 'FRA')}", "@type": "dct:LinguisticSystem"}

    def _publisher(self) -> dict[str, Any]:
        words = self.town.legal.get("publisher") or self.town.name or self.town.title
        return {"@id": f"{self.base}#editeur", "@type": "foaf:Agent", "foaf:name": self._words(words)}

    def _contact(self) -> dict[str, Any]:
        contact = self.town.contact
        if not contact.get("email") and not contact.get("url"):
            return {}
        kind: dict[str, Any] = {
            "@id": f"{self.base}#contact",
            "@type": "vcard:Kind",
            "vcard:fn": contact.get("name") or self.town.title,
        }
        if contact.get("email"):
            kind["vcard:hasEmail"] = {"@id": f"mailto:{contact['email']}"}
        if contact.get("url"):
            kind["vcard:hasURL"] = {"@id": contact["url"]}
        return {"dcat:contactPoint": kind}

    def _licence(self) -> dict[str, Any]:
        licence = licence_of(self.town.legal.get("licence", ""))
        if not licence.words:
            return {}
        document: dict[str, Any] = {"@type": "dct:LicenseDocument", "dct:title": self._words(licence.words)}
        if licence.authority:
            document["@id"] = licence.authority
        return {"dct:license": document}

    @staticmethod
    def _modified(entries: list[Entry]) -> dict[str, Any]:
        newest = max((one.made for one in entries), default="")
        return {"dct:modified": {"@type": "xsd:dateTime", "@value": newest}} if newest else {}
