"""`laureat account`: list, create and change accounts from the machine of the office."""

from __future__ import annotations

import argparse

ROLES = ("reader", "contributor", "editor", "publisher", "administrator")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser("account", help="list, create and change the accounts of the office")
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    acts.add_parser("list", help="every account with its role")
    create = acts.add_parser("create", help="make an account and print its password")
    create.add_argument("login", help="e-mail address")
    create.add_argument("--name", default="", help="name shown to colleagues (default: the address)")
    create.add_argument("--role", choices=ROLES, default="editor", help="default: %(default)s")
    for name, words in (
        ("password", "draw a new password, print it, sign the account out everywhere"),
        ("disable", "switch an account off and sign it out everywhere"),
        ("enable", "switch an account on again"),
    ):
        acts.add_parser(name, help=words).add_argument("login", help="e-mail address")
    role = acts.add_parser("role", help="change what an account may do")
    role.add_argument("login", help="e-mail address")
    role.add_argument("role", choices=ROLES)
    for command in (create, role):
        command.add_argument("--service", default="", metavar="ID", help="service that a contributor is limited to")
        command.add_argument(
            "--zone", action="append", default=[], dest="zones", metavar="ID", help="zone, for a contributor; repeat"
        )


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 1 when there is no such account."""
    import datetime as dt

    from backoffice.registry import Registry, accounts, sessions
    from backoffice.settings import Settings

    settings = Settings.from_environment()
    registry = Registry(settings.registry, settings.office)
    now = dt.datetime.now(dt.UTC)
    try:
        if args.act == "list":
            for one in accounts.everyone(registry):
                state = "" if one.active else "  (disabled)"
                print(f"{one.pseudonym:10} {one.role:14} {one.login:40} {one.name}{state}")
            return 0
        if args.act == "create":
            password = accounts.new_password()
            made = accounts.create(registry, args.login, args.name, args.role, password, now)
            accounts.set_limits(registry, made.id, args.service, args.zones)
            print(f"{made.pseudonym}: {made.login}, {made.role}\nPassword: {password}")
            return 0
        found = accounts.find(registry, args.login)
        if found is None:
            raise accounts.AccountError(f"No account has the address {args.login}.", hint="laureat account list")
        if args.act == "password":
            password = accounts.new_password()
            accounts.set_password(registry, found.id, password)
            sessions.end_all(registry, found.id, now)
            print(f"Password: {password}")
        elif args.act == "role":
            accounts.set_role(registry, found.id, args.role)
            accounts.set_limits(registry, found.id, args.service, args.zones)
        else:
            accounts.set_active(registry, found.id, args.act == "enable")
            if args.act == "disable":
                sessions.end_all(registry, found.id, now)
    finally:
        registry.close()
    return 0
