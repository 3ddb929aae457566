"""Who may do what: the rights, the roles, and the one function that decides. Nothing else in the office decides.

Each endpoint names the right it asks for in `ENDPOINTS`; one that is not listed is refused to everybody. A record is
asked about with its data: a contributor has rights over the records of one service or of some zones only.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from backoffice.registry.schema import Account
from participation.records.fields import Plain


class Right(StrEnum):
    """What an endpoint asks for."""

    PUBLIC = "public"  # no account needed
    READ = "read"
    OVERSEE = "oversee"  # read what tells about every record at once and cannot be cut to some
    EDIT = "edit"
    PEOPLE = "people"  # read and correct the owners of ideas and the contacts
    PRIVACY = "privacy"  # give a person's data out, erase it
    REVIEW = "review"  # approve what somebody else changed, before it is published
    PUBLISH = "publish"
    TALLY = "tally"  # enter what is found in ballot boxes
    COUNT = "count"  # count, before the announcement, and proclaim
    ADMINISTER = "administer"


_EDITOR = frozenset({Right.READ, Right.OVERSEE, Right.EDIT, Right.REVIEW, Right.PEOPLE, Right.TALLY})

ROLES: dict[str, frozenset[Right]] = {
    "reader": frozenset({Right.READ, Right.OVERSEE}),
    "contributor": frozenset({Right.READ, Right.EDIT}),
    "editor": _EDITOR,
    "publisher": _EDITOR | {Right.PUBLISH, Right.PRIVACY, Right.COUNT},
    "administrator": frozenset(Right) - {Right.PUBLIC},
}
LIMITED = frozenset({"contributor"})  # roles whose rights end at a service or at zones

# Types whose records ask for more than the right to edit: a change shows on every page of the site, or in a count.
SETTINGS = {
    "edition": Right.PUBLISH,
    "rule": Right.PUBLISH,
    "zone": Right.PUBLISH,
    "service": Right.PUBLISH,
    "instance": Right.ADMINISTER,
    "polling_place": Right.TALLY,
}

# Files that are no records, by how their path begins. Any other is the business of whoever runs the office.
FILES = {
    "media/": Right.EDIT,
    "library/": Right.EDIT,
    "trash/": Right.EDIT,
    "editions/": Right.COUNT,  # ballots
}

ENDPOINTS: dict[str, Right] = {
    "public.page": Right.PUBLIC,
    "home.health": Right.PUBLIC,
    "static": Right.PUBLIC,
    "auth.sign_in": Right.PUBLIC,
    "auth.second_step": Right.PUBLIC,
    "auth.choose_password": Right.PUBLIC,
    "oidc.start": Right.PUBLIC,
    "oidc.callback": Right.PUBLIC,
    "oidc.goodbye": Right.PUBLIC,
    "oidc.link": Right.READ,
    "oidc.unlink": Right.READ,
    "auth.sign_out": Right.READ,
    "auth.my_account": Right.READ,
    "auth.my_password": Right.READ,
    "auth.end_session": Right.READ,
    "auth.my_language": Right.READ,
    "auth.end_other_sessions": Right.READ,
    "factor.start": Right.READ,
    "factor.switch_on": Right.READ,
    "factor.switch_off": Right.READ,
    "factor.new_codes": Right.READ,
    "accounts.everyone": Right.ADMINISTER,
    "accounts.invite": Right.ADMINISTER,
    "accounts.show": Right.ADMINISTER,
    "accounts.change": Right.ADMINISTER,
    "accounts.activate": Right.ADMINISTER,
    "accounts.link": Right.ADMINISTER,
    "accounts.end_sessions": Right.ADMINISTER,
    "accounts.drop_factor": Right.ADMINISTER,
    "accounts.drop_identity": Right.ADMINISTER,
    "places.plan": Right.READ,
    "editions.begin": Right.PUBLISH,
    "look.show": Right.ADMINISTER,
    "look.logo": Right.ADMINISTER,
    "look.announce": Right.ADMINISTER,
    "look.text": Right.ADMINISTER,
    "look.write": Right.ADMINISTER,
    "look.fonts": Right.ADMINISTER,
    "look.choose_fonts": Right.ADMINISTER,
    "look.take_font": Right.ADMINISTER,
    "texts.show": Right.READ,
    "zones.board": Right.OVERSEE,
    "zones.download": Right.OVERSEE,
    "zones.order": Right.PUBLISH,
    "zones.outline": Right.PUBLISH,
    "zones.upload": Right.PUBLISH,
    "places.where": Right.READ,
    "people.listing": Right.PEOPLE,
    "people.due": Right.PEOPLE,
    "people.create": Right.PEOPLE,
    "people.show": Right.PEOPLE,
    "people.correct": Right.PEOPLE,
    "people.link": Right.PEOPLE,
    "people.unlink": Right.PEOPLE,
    "withdrawal.show": Right.PEOPLE,
    "withdrawal.state": Right.PEOPLE,
    "withdrawal.again": Right.PEOPLE,
    "people.export": Right.PRIVACY,
    "people.erase": Right.PRIVACY,
    "people.keep": Right.PRIVACY,
    "audit.log": Right.ADMINISTER,
    "audit.export": Right.ADMINISTER,
    "home.today": Right.READ,
    "home.search": Right.READ,
    "home.help_markdown": Right.READ,
    "home.drop_kept": Right.EDIT,
    "home.owner_told": Right.EDIT,
    "records.listing": Right.READ,
    "lists.view": Right.READ,
    "lists.keep_view": Right.READ,
    "lists.drop_view": Right.READ,
    "lists.suggest": Right.READ,
    "lists.export_list": Right.EDIT,
    "lists.change_many": Right.EDIT,
    "lists.look_back": Right.EDIT,
    "lists.undo_many": Right.EDIT,
    "exchange.begin": Right.EDIT,
    "exchange.receive": Right.EDIT,
    "exchange.show": Right.EDIT,
    "exchange.state": Right.EDIT,
    "exchange.choose_sheet": Right.EDIT,
    "exchange.match": Right.EDIT,
    "exchange.words": Right.EDIT,
    "exchange.check_again": Right.EDIT,
    "exchange.errors": Right.EDIT,
    "exchange.apply": Right.EDIT,
    "exchange.undo": Right.EDIT,
    "exchange.discard": Right.EDIT,
    "export.choose": Right.EDIT,
    "export.make": Right.EDIT,
    "export.fetch": Right.EDIT,
    "records.create": Right.EDIT,
    "records.edit": Right.READ,
    "records.save": Right.EDIT,
    "records.resolve": Right.EDIT,
    "records.discard": Right.EDIT,
    "presence.call": Right.EDIT,
    "records.trash": Right.READ,
    "help.page": Right.READ,
    "help.read": Right.READ,
    "help.tour": Right.READ,
    "help.close_tour": Right.READ,
    "help.shortcuts": Right.READ,
    "preview.suggested": Right.READ,
    "preview.asset": Right.READ,
    "preview.saved": Right.READ,
    "preview.form": Right.EDIT,
    "preview.fresh": Right.EDIT,
    "records.undelete": Right.EDIT,
    "history.record": Right.READ,
    "history.fields": Right.READ,
    "history.compare": Right.READ,
    "history.version": Right.READ,
    "history.restore": Right.EDIT,
    "history.everything": Right.READ,
    "vote.everyone": Right.OVERSEE,
    "vote.edition": Right.OVERSEE,
    "voterule.choose": Right.OVERSEE,
    "voterule.begin": Right.PUBLISH,
    "voterule.tell": Right.PUBLISH,
    "voterule.freeze": Right.PUBLISH,
    "voterule.correct_list": Right.PUBLISH,
    "votenight.board": Right.OVERSEE,
    "votenight.place": Right.TALLY,
    "votenight.close": Right.TALLY,
    "votenight.reopen": Right.TALLY,
    "votenight.settle": Right.TALLY,
    "votenight.attach": Right.TALLY,
    "votenight.scan": Right.TALLY,
    "votenight.record": Right.TALLY,
    "votetally.start": Right.TALLY,
    "votetally.entry": Right.TALLY,
    "votetally.enter": Right.TALLY,
    "voteballots.begin": Right.COUNT,
    "voteballots.receive": Right.COUNT,
    "voteballots.show": Right.COUNT,
    "voteballots.state": Right.COUNT,
    "voteballots.match": Right.COUNT,
    "voteballots.write": Right.COUNT,
    "voteballots.undo": Right.COUNT,
    "votecount.show": Right.COUNT,
    "votecount.ask": Right.COUNT,
    "votecount.state": Right.COUNT,
    "votecount.proclaim": Right.COUNT,
    "votecount.proclaimed": Right.COUNT,
    "votecount.undo": Right.COUNT,
    "votesimulator.begin": Right.COUNT,
    "votesimulator.change": Right.COUNT,
    "votesimulator.ask": Right.COUNT,
    "votesimulator.show": Right.COUNT,
    "votesimulator.state": Right.COUNT,
    "media.listing": Right.READ,
    "media.show": Right.READ,
    "media.small": Right.READ,
    "media.whole": Right.READ,
    "media.pick": Right.EDIT,
    "media.upload": Right.EDIT,
    "media.describe": Right.EDIT,
    "media.replace": Right.EDIT,
    "media.discard": Right.EDIT,
    "media.undelete": Right.EDIT,
    "publish.pending": Right.OVERSEE,
    "publish.hold": Right.PUBLISH,
    "publish.release": Right.PUBLISH,
    "publish.review": Right.REVIEW,
    "publish.start": Right.PUBLISH,
    "publish.cancel": Right.PUBLISH,
    "publish.publication": Right.OVERSEE,
    "publish.progress": Right.OVERSEE,
    "publish.state": Right.OVERSEE,
    "publish.rollback": Right.PUBLISH,
    "sharing.choose": Right.EDIT,
    "sharing.settle": Right.EDIT,
    "expert.show": Right.ADMINISTER,
    "expert.retry": Right.ADMINISTER,
    "expert.examine": Right.ADMINISTER,
}


def allowed(account: Account | None, right: Right, data: Mapping[str, Plain] | None = None) -> bool:
    """True when this account (None: nobody is signed in) has the right; over the record of that `data` where given."""
    if right is Right.PUBLIC:
        return True
    if account is None or not account.active or right not in ROLES.get(account.role, frozenset()):
        return False
    return data is None or account.role not in LIMITED or _concerned(account, data)


def limited(account: Account | None) -> bool:
    """True when the account has its rights over some records only: lists must be cut to those."""
    return account is not None and account.role in LIMITED


def _concerned(account: Account, data: Mapping[str, Plain]) -> bool:
    """True when the record is its service's, or lies in one of its zones. Limits not set let nothing through."""
    if account.service and data.get("service") == account.service:
        return True
    return str(data.get("zone", "")) in account.zones.split()


def may_edit(account: Account | None, type_name: str) -> bool:
    """True when this account may change records of that type, as far as its limits go."""
    return allowed(account, SETTINGS.get(type_name, Right.EDIT))


def may_replace(account: Account | None, path: str) -> bool:
    """True when this account may put another version of a file that is no record in its place."""
    right = next((right for start, right in FILES.items() if path.startswith(start)), Right.ADMINISTER)
    return not limited(account) and allowed(account, right)


def right_of(endpoint: str) -> Right | None:
    """The right that an endpoint asks for; None for one that nobody may open."""
    return ENDPOINTS.get(endpoint)
