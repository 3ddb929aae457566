"""The frame of the `laureat` command: dispatch, fast start, exit codes and words on stderr."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from backoffice.cli.exits import guarded
from backoffice.cli.main import COMMANDS, main
from participation.problems import ContentError, LaureatError, Problem

ROOT = Path(__file__).resolve().parents[3]
COMMANDS_PAGE = ROOT / "docs" / "reference" / "commands.md"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_of_the_table_has_a_module_that_declares_and_runs_it(command):
    module = import_module(command.module)
    subparsers = argparse.ArgumentParser().add_subparsers()
    module.register(subparsers)
    assert list(subparsers.choices) == [command.name]
    assert callable(module.run)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_described_in_the_reference(command):
    assert f"laureat {command.name}" in COMMANDS_PAGE.read_text(encoding="utf-8")


def test_help_lists_every_command(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["--help"])
    assert leaving.value.code == 0
    words = capsys.readouterr().out.split()
    assert [command.name for command in COMMANDS if command.name not in words] == []


def test_the_version_is_that_of_the_distribution(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out.startswith("laureat 0.")


@pytest.mark.parametrize("arguments", [[], ["pubblish"], ["--nothing"]])
def test_a_fault_of_usage_ends_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == 2
    assert "usage: laureat" in capsys.readouterr().err


def test_starting_loads_nothing_heavy():
    heavy = "flask sqlalchemy git mkdocs jinja2 yaml ruamel openpyxl importlib.metadata".split()
    program = (
        "import sys; from backoffice.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print([name for name in sys.argv[1:] if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-S", "-c", program, *heavy]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


class OutOfPaperError(LaureatError):
    """An example of a failure."""


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (OutOfPaperError("Plus de papier.", kept="Rien n’est perdu.", hint="Ajoutez-en."), 1, "Ajoutez-en."),
        (ContentError("Une erreur.", [Problem("manque", "instance.yml", 3, "name")]), 3, "instance.yml:3"),
        (PermissionError(13, "Permission denied", "/registre"), 1, "laureat: /registre: Permission denied"),
        (KeyboardInterrupt(), 130, "Interrupted."),
        (ZeroDivisionError("division by zero"), 70, "A fault of the program"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_becomes_words_and_an_exit_code(failure, code, words, capsys):
    def run(_args):
        raise failure

    assert guarded(run, argparse.Namespace()) == code
    assert words in capsys.readouterr().err


def test_a_reader_that_closes_the_pipe_early_is_no_failure():
    program = "from backoffice.cli.exits import guarded; guarded(lambda _: print('x' * 200000) or 0, None)"
    command = f'{sys.executable} -c "{program}" | head -c 1; echo ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("x0\n", "")
