"""How a failure ends the process: the one table from exceptions to exit codes, and the words on stderr.

Pages and HTTP statuses are mapped in `backoffice.errors`, never here.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from participation.problems import ContentError, LaureatError

OK = 0
FAILED = 1  # the operation was refused, or a check found errors
# 2 is argparse's own
CONTENT = 3  # the content itself stops the operation
SOFTWARE = 70  # a fault of the program (EX_SOFTWARE)
INTERRUPTED = 130  # Ctrl-C, as shells say it

CODES: tuple[tuple[type[BaseException], int], ...] = (
    (ContentError, CONTENT),
    (LaureatError, FAILED),
    (OSError, FAILED),
    (KeyboardInterrupt, INTERRUPTED),
)


def code_for(failure: BaseException) -> int:
    """The exit code of a failure: the first row of the table that fits, else a fault of the program."""
    return next((code for kind, code in CODES if isinstance(failure, kind)), SOFTWARE)


def guarded(run: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """Run a subcommand; a failure becomes plain words on stderr and an exit code, never a bare traceback."""
    try:
        code = run(args)
        sys.stdout.flush()  # a closed pipe shows here, not at the interpreter's exit
    except BrokenPipeError:  # `laureat … | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (LaureatError, OSError, KeyboardInterrupt) as failure:
        _say(_words(failure))
        return code_for(failure)
    except Exception as fault:  # noqa: BLE001 -- the outermost frame: whatever it is, it is told and has a code
        import traceback

        traceback.print_exc()
        _say("A fault of the program, not of what you did. Please report it with the lines above.")
        return code_for(fault)
    return code


def _words(failure: BaseException) -> str:
    if isinstance(failure, ContentError):
        return str(failure)
    if isinstance(failure, LaureatError):
        return "\n".join(part for part in (failure.message, failure.kept, failure.hint) if part)
    if isinstance(failure, OSError):
        place = f"{failure.filename}: " if failure.filename else ""
        return f"{place}{failure.strerror or failure}"
    return "Interrupted."


def _say(words: str) -> None:
    print(f"laureat: {words}", file=sys.stderr)
