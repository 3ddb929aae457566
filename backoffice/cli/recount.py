"""`laureat recount`: count the vote of a recount package again, and compare with the result as it was announced."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "recount",
        help="count a published vote again from its package",
        description="Count the vote of PACKAGE (recompte-….zip, from the results page of a site) again and compare "
        "each step with the result as announced. Needs nothing else: no content, no network. Ends with 1 when the "
        "results differ.",
    )
    parser.add_argument("package", type=Path, metavar="PACKAGE", help="the zip of the results page")
    parser.add_argument("--lang", default="fr", metavar="LANG", help="language of the sentences (default: fr)")
    parser.add_argument("--json", action="store_true", help="print the result as one object for programs")


def run(args: argparse.Namespace) -> int:
    """Print the result; exit code 1 when it is not the one that was announced."""
    from participation.counting.package import read_package, recount

    package = read_package(args.package.read_bytes())
    found = recount(package)
    if args.json:
        import json

        told = {"edition": package.edition, "difference": found.difference, "result": found.result.plain()}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 1 if found.difference else 0
    from backoffice.cli.count import print_count
    from participation.counting.words import Voice
    from site_builder.messages import load

    print_count(
        package.edition, found.result, Voice(package.contest, package.rule, {}, args.lang, load(args.lang).gettext)
    )
    print()
    if found.difference:
        print(f"NOT the result as announced. First difference: {found.difference}.")
        return 1
    print("The same result as announced, step by step.")
    return 0
