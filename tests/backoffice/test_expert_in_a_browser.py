"""The expert's page and the choice between two machines, in a real browser: axe at both widths, without script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backoffice import worker
from backoffice.app import create_app
from backoffice.jobs import queue
from backoffice.jobs.kinds import DOCTOR
from backoffice.registry import accounts, facts, two_versions
from backoffice.services import KEY
from participation.records import Project
from participation.store.remote_merge import Clash, Kind
from tests.backoffice.conftest import PASSWORD
from tests.backoffice.town import NOW
from tests.backoffice.visiting import sign_in

pytestmark = pytest.mark.browser

WIDTHS = (1280, 375)


@pytest.fixture
def shared(settings, clock):
    """An office whose remote does not answer, with a question left by an exchange of before."""
    made = create_app(replace(settings, remote="https://depot.example/contenus.git", office=2), clock)
    services = made.extensions[KEY]
    accounts.create(services.registry, "administrator@ville.example", "Ada", "administrator", PASSWORD, NOW)
    store = services.content.store
    base = store.snapshot().get("2024-P007").blob

    def save(**fields):
        return store.save(Project, "2024-P007", fields, base_blob=base, author="agent-2-1", when=NOW)

    ours = save(title="La place au frais").blob
    theirs = store.save(Project, "2024-P007", {"title": "La place"}, base_blob=ours, author="agent-1-1", when=NOW).blob
    clash = Clash(
        Kind.FIELDS, "editions/2024/projects/2024-P007.yml", "2024-P007", "project", base, ours, theirs, ("title",)
    )
    two_versions.keep(services.registry, store.head(), [clash], NOW)
    lost = Clash(Kind.FILE, "theme/couleurs.css", "", "", None, None, None)
    two_versions.keep(services.registry, "0" * 40, [lost], NOW)
    state = {
        "failures": 2,
        "next": NOW.isoformat(),
        "words": [{"words": "Le dépôt distant n’a pas pu être joint."}],
        "detail": "fatal: unable to access",
    }
    facts.write(services.registry, facts.REMOTE, state)
    facts.write(
        services.registry, facts.BACKUP, {"at": NOW.isoformat(), "file": "/srv/backup/b.laureat", "size": 12_300_000}
    )
    yield made
    services.registry.close()


def work(app) -> None:
    """The worker examines the repository."""
    services = app.extensions[KEY]
    while (job := queue.lease(services.registry, services.clock())) is not None:
        if job.kind == DOCTOR:
            worker.carry_out(worker.Work(services.settings, services.registry, job, services.clock))


def test_the_expert_reads_what_waits_and_why_and_a_choice_is_made_without_script(shared, serve_app, browser, axe):
    with serve_app(shared) as office:
        context = browser.new_context(locale="fr-FR")
        page = context.new_page()
        sign_in(page, office, "administrator")
        page.get_by_role("heading", name="attendent d’être envoyés").wait_for()
        page.get_by_role("link", name="Page de l’expert", exact=True).click()
        page.get_by_role("button", name="Examiner", exact=True).click()
        page.get_by_text("Un examen est en cours").wait_for()
        work(shared)
        page.reload()
        page.get_by_text("Dernier examen").wait_for()
        page.get_by_text("12,3 Mo").wait_for()
        found = {}
        pages = {"expert": f"{office}/gestion/expert", "today": f"{office}/gestion/"}
        rows = two_versions.waiting(shared.extensions[KEY].registry)
        pages |= {f"choice {row.kind}": f"{office}/gestion/deux-versions/{row.id}" for row in rows}
        for name, address in pages.items():
            page.goto(address)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
                found |= {f"{name} {width}: {one}": one for one in axe(page)}
        assert found == {}
        plain = browser.new_context(locale="fr-FR", java_script_enabled=False, storage_state=context.storage_state())
        page = plain.new_page()
        page.goto(pages["choice fields"])
        page.get_by_role("radio", name="Celle enregistrée ici").check()
        page.get_by_role("button", name="Enregistrer ce choix").click()
        page.get_by_text("n’attend plus de choix").wait_for()
        plain.close()
        context.close()
    assert shared.extensions[KEY].content.store.snapshot().get("2024-P007").data["title"] == "La place au frais"
