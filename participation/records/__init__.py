"""The record types of a participatory budget; `TYPES` names them all.

The kinds of field and the machinery are in the modules of this package; reading files is in `participation.yamltext`.
"""

from __future__ import annotations

from participation.records.base import Record
from participation.records.edition import Edition
from participation.records.event import Event
from participation.records.idea import Idea
from participation.records.instance import Instance
from participation.records.polling import PollingPlace
from participation.records.project import Project
from participation.records.rule import Rule
from participation.records.territory import Service, Zone
from participation.records.text_pages import Article, Page

TYPES: dict[str, type[Record]] = {
    record_type.type_name: record_type
    for record_type in (Instance, Zone, Service, Edition, Rule, Idea, Project, PollingPlace, Event, Article, Page)
}

__all__ = [
    "TYPES",
    "Article",
    "Edition",
    "Event",
    "Idea",
    "Instance",
    "Page",
    "PollingPlace",
    "Project",
    "Record",
    "Rule",
    "Service",
    "Zone",
]
