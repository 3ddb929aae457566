"""Files that can be thrown away: a damaged or foreign one is made anew, one in somebody's use never."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from site_builder.throwaway import opened


def prepare(connection):
    connection.execute("PRAGMA busy_timeout = 50")
    connection.executescript("CREATE TABLE IF NOT EXISTS kept (name TEXT); CREATE INDEX IF NOT EXISTS i ON kept (name)")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("COMMIT")


def test_a_file_and_its_folder_are_made_and_found_again(tmp_path):
    file = tmp_path / "folder" / "kept.sqlite"
    with closing(opened(file, prepare)) as connection:
        connection.execute("INSERT INTO kept VALUES ('a')")
    with closing(opened(file, prepare)) as connection:
        assert connection.execute("SELECT name FROM kept").fetchall() == [("a",)]


@pytest.mark.parametrize("damage", [b"no database at all" * 100, "foreign"])
def test_a_damaged_or_foreign_file_is_made_anew(tmp_path, damage):
    file = tmp_path / "kept.sqlite"
    if damage == "foreign":
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE kept (title TEXT)")
    else:
        file.write_bytes(damage)
    with closing(opened(file, prepare)) as connection:
        assert connection.execute("SELECT name FROM kept").fetchall() == []


def test_a_file_in_use_is_left_alone(tmp_path):
    file = tmp_path / "kept.sqlite"
    with closing(opened(file, prepare)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO kept VALUES ('mine')")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            opened(file, prepare)
        connection.execute("COMMIT")
        assert connection.execute("SELECT name FROM kept").fetchall() == [("mine",)]
        assert file.is_file()
