"""`laureat serve`: the office and the public site on one port, with their worker, until a signal stops them."""

from __future__ import annotations

import argparse


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "serve",
        help="serve the office and the public site, with their worker",
        description="Serve the public site at / and the office at LAUREAT_BASE_PATH (/gestion), and run the worker.",
    )
    listening(parser)


def listening(parser: argparse.ArgumentParser) -> None:
    """The arguments that say where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument("--web", type=int, default=2, metavar="N", help="web processes (default: %(default)s)")


def port(text: str) -> int:
    """A port number, 1 to 65535."""
    number = int(text)
    if not 0 < number < 65_536:
        raise ValueError(text)
    return number


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C. 0 when asked to stop, 1 when the web processes fell."""
    from backoffice.cli.processes import Listening, serve
    from backoffice.settings import Settings

    settings = Settings.from_environment()
    where = Listening(args.host, args.port, args.web)

    def ready() -> None:
        print(f"Public site  {where.address}/\nOffice       {where.address}{settings.base_path}/", flush=True)

    return serve(settings, where, ready)
