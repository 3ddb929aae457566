"""Who may do what: the rights, the roles, and the one function that decides. Nothing else in the office decides.

Each endpoint names the right it asks for in `ENDPOINTS`; one that is not listed is refused to everybody.
"""

from __future__ import annotations

from enum import StrEnum

from backoffice.registry.schema import Account


class Right(StrEnum):
    """What an endpoint asks for."""

    PUBLIC = "public"  # no account needed
    READ = "read"
    EDIT = "edit"
    PUBLISH = "publish"
    ADMINISTER = "administer"


ROLES: dict[str, frozenset[Right]] = {
    "reader": frozenset({Right.READ}),
    "editor": frozenset({Right.READ, Right.EDIT}),
    "publisher": frozenset({Right.READ, Right.EDIT, Right.PUBLISH}),
    "administrator": frozenset({Right.READ, Right.EDIT, Right.PUBLISH, Right.ADMINISTER}),
}

ENDPOINTS: dict[str, Right] = {
    "public.page": Right.PUBLIC,
    "home.health": Right.PUBLIC,
    "static": Right.PUBLIC,
    "auth.sign_in": Right.PUBLIC,
    "auth.sign_out": Right.READ,
    "auth.my_account": Right.READ,
    "auth.my_password": Right.READ,
    "auth.end_session": Right.READ,
    "auth.my_language": Right.READ,
    "auth.list_accounts": Right.ADMINISTER,
    "auth.create_account": Right.ADMINISTER,
    "auth.change_account": Right.ADMINISTER,
    "auth.reset_password": Right.ADMINISTER,
    "home.today": Right.READ,
    "home.search": Right.READ,
    "home.help_markdown": Right.READ,
    "home.drop_kept": Right.EDIT,
    "home.owner_told": Right.EDIT,
    "records.listing": Right.READ,
    "lists.view": Right.READ,
    "lists.keep_view": Right.READ,
    "lists.drop_view": Right.READ,
    "lists.export_list": Right.EDIT,
    "lists.change_many": Right.EDIT,
    "lists.undo_many": Right.EDIT,
    "records.create": Right.EDIT,
    "records.edit": Right.READ,
    "records.save": Right.EDIT,
    "records.resolve": Right.EDIT,
    "records.discard": Right.EDIT,
    "records.trash": Right.READ,
    "records.undelete": Right.EDIT,
    "history.record": Right.READ,
    "history.compare": Right.READ,
    "history.version": Right.READ,
    "history.restore": Right.EDIT,
    "history.everything": Right.READ,
    "publish.pending": Right.READ,
    "publish.hold": Right.PUBLISH,
    "publish.release": Right.PUBLISH,
    "publish.start": Right.PUBLISH,
    "publish.progress": Right.READ,
    "publish.state": Right.READ,
    "publish.rollback": Right.PUBLISH,
}


def allowed(account: Account | None, right: Right) -> bool:
    """True when this account (None: nobody is signed in) has the right."""
    if right is Right.PUBLIC:
        return True
    return account is not None and account.active and right in ROLES.get(account.role, frozenset())


def right_of(endpoint: str) -> Right | None:
    """The right that an endpoint asks for; None for one that nobody may open."""
    return ENDPOINTS.get(endpoint)
