"""The rule in the office: begun from a template, told back, frozen, corrected with a reason."""

from __future__ import annotations

import datetime as dt

from backoffice.jobs import queue
from backoffice.jobs.kinds import FREEZE
from backoffice.services import KEY
from backoffice.vote import freezing
from participation.records import Rule
from tests.backoffice.conftest import fields_of
from tests.backoffice.publisher import Publisher

FORM = "/gestion/fiche/2026-rule"


def rule(store) -> Rule:
    return store.snapshot().get("2026-rule")


def test_the_form_tells_the_rule_in_sentences_beside_with_the_article_that_says_so(browser_of):
    page = browser_of("publisher").get(FORM).text
    assert "Il faut en choisir 1 au moins et 3 au plus" in page
    assert "Article 1" in page
    assert "« Chaque personne choisit trois projets au plus. »" in page.replace("\u00a0", " ")
    assert "Lire le règlement de l’édition" in page


def test_what_is_typed_and_not_saved_is_told_to_the_script(browser_of, store):
    publisher = browser_of("publisher")
    sent = fields_of(publisher.get(FORM).text) | {"ballot.maximum": "5", "threshold": "50"}
    told = publisher.post("/gestion/vote/2026/regle/phrases", sent).text
    assert "1 au moins et 5 au plus" in told
    assert "au moins 50 voix" in told
    assert rule(store).ballot.maximum == 3


def test_a_rule_is_changed_by_its_form(browser_of, store):
    publisher = browser_of("publisher")
    sent = fields_of(publisher.get(FORM).text) | {"threshold": "7"}
    assert publisher.post(FORM, sent).status_code == 303
    assert rule(store).threshold == 7


def test_an_edition_without_a_rule_begins_from_a_template_or_from_another_rule(browser_of, store):
    publisher = browser_of("publisher")
    page = publisher.get("/gestion/vote/2024/regle").text
    assert "Un département comme les Landes" in page
    assert publisher.post("/gestion/vote/2024/regle", {"from": "department"}).location.endswith("/fiche/2024-rule")
    made = store.snapshot().get("2024-rule")
    assert [one.id for one in made.rounds] == ["jeunes_canton", "cantons", "jeunes", "reste"]


def test_a_copy_of_another_rule_leaves_what_belongs_to_its_vote(browser_of, store):
    browser_of("publisher").post("/gestion/vote/2026/figer")
    publisher = browser_of("publisher")
    publisher.get("/gestion/vote/2024/regle")
    publisher.post("/gestion/vote/2024/regle", {"from": "2026-rule"})
    made = store.snapshot().get("2024-rule")
    assert (made.threshold, made.seed, made.frozen.rule) == (2, "", "")


def test_a_frozen_rule_changes_with_a_reason_and_a_date_only(browser_of, store):
    publisher = browser_of("publisher")
    publisher.get(FORM)
    publisher.post("/gestion/vote/2026/figer")
    assert rule(store).frozen.rule == rule(store).fingerprint()
    sent = fields_of(publisher.get(FORM).text) | {"threshold": "1", "correction.date": ""}
    refused = publisher.post(FORM, sent)
    assert refused.status_code == 422
    assert "écrivez la raison de la correction" in refused.text
    assert rule(store).threshold == 2

    reason = {"correction.reason": "Coquille dans le seuil.", "correction.date": "03/06/2026"}
    assert publisher.post(FORM, sent | reason).status_code == 303
    found = rule(store)
    assert found.threshold == 1
    assert [(one.data["reason"], one.rule) for one in found.corrections] == [
        ("Coquille dans le seuil.", found.fingerprint())
    ]
    assert "Coquille dans le seuil." in publisher.get(FORM).text


def test_what_is_filled_in_after_the_vote_needs_no_correction(browser_of, store):
    publisher = browser_of("publisher")
    publisher.get(FORM)
    publisher.post("/gestion/vote/2026/figer")
    sent = fields_of(publisher.get(FORM).text) | {"seed": "1 2 3"}
    assert publisher.post(FORM, sent).status_code == 303
    assert (rule(store).seed, rule(store).corrections) == ("1 2 3", [])


def test_a_cost_that_changes_after_freezing_is_told_and_noted(browser_of, store):
    publisher = browser_of("publisher")
    publisher.get(FORM)
    publisher.post("/gestion/vote/2026/figer")
    project = "/gestion/fiche/2026-P002"
    publisher.post(project, fields_of(publisher.get(project).text) | {"cost": "6000"})
    assert "ont changé depuis" in publisher.get(FORM).text
    noted = {"correction.date": "03/06/2026", "correction.reason": "Un chiffre inversé."}
    publisher.post("/gestion/vote/2026/liste", noted)
    assert "ont changé depuis" not in publisher.get(FORM).text
    assert rule(store).corrections[0].projects


def test_a_rule_is_due_to_be_frozen_while_its_vote_is_open(store):
    days = [dt.date(2026, 5, 31), dt.date(2026, 6, 1), dt.date(2026, 6, 14), dt.date(2026, 6, 15)]
    due = [[election.id for election, _rule in freezing.due(store.snapshot(), day)] for day in days]
    assert due == [[], ["2026"], ["2026"], []]


def test_a_project_without_a_cost_keeps_the_rule_from_being_frozen(app, browser_of, store):
    publisher = browser_of("publisher")
    project = "/gestion/fiche/2026-P002"
    publisher.post(project, fields_of(publisher.get(project).text) | {"cost": ""})
    publisher.get(FORM)
    publisher.post("/gestion/vote/2026/figer")
    assert rule(store).frozen.rule == ""
    assert "Sans coût mis au vote" in publisher.get(FORM).text
    assert app.extensions[KEY].content.record("2026-P002").cost is None


def test_editors_read_a_rule_and_do_not_change_it(browser_of, store):
    editor = browser_of("editor")
    assert '<fieldset class="plain" disabled>' in editor.get(FORM).text
    assert editor.post("/gestion/vote/2026/figer").status_code == 403
    assert editor.post(FORM, {"threshold": "1"}).status_code == 403


def test_the_worker_freezes_the_rule_on_the_day_the_vote_opens(app, browser_of, store, clock):
    publisher = Publisher(app, browser_of)
    queue.ask(publisher.services.registry, FREEZE, {}, clock())
    publisher.work()
    assert rule(store).frozen.rule == ""
    clock.now = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
    queue.ask(publisher.services.registry, FREEZE, {}, clock())
    publisher.work()
    assert str(rule(store).frozen.date) == "2026-06-01"
    assert rule(store).frozen.rule == rule(store).fingerprint()
