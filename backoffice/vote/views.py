"""Views of a vote as a whole: which edition, and what is to be done for it."""

from __future__ import annotations

from flask import Blueprint, render_template

from backoffice import telling
from backoffice.services import now, services
from backoffice.vote import standing, unproclaiming
from backoffice.vote.election import Election, editions
from backoffice.vote.rule_views import election_or_404

bp = Blueprint("vote", __name__)


@bp.get("/vote")
def everyone() -> str:
    """The vote of the edition under way; a list of editions where there is none."""
    content = services().content
    current = Election.of(content.snapshot(), content.current_edition())
    if current is not None:
        return _page(current)
    return render_template("vote/editions.html", editions=editions(content.snapshot()))


@bp.get("/vote/<edition_id>")
def edition(edition_id: str) -> str:
    """Everything about the vote of one edition: rule, places, ballots, count, announcement."""
    return _page(election_or_404(edition_id))


def _page(election: Election) -> str:
    return render_template(
        "vote/edition.html",
        election=election,
        editions=editions(election.snapshot),
        proclaimed=unproclaiming.last(services().content, election, now()),
        person=telling.person,
        states=standing.counts(standing.of_all(services().registry, election)),
    )
