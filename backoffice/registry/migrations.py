"""From an older registry to this one: the columns that each version added or made wider.

New tables need no step, `create_all` makes them.
A step is never changed once it was released; the next change of an existing table is a step of its own.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from backoffice.registry import schema

# Version reached -> table, column and the value that rows of before get, as SQL.
STEPS: dict[int, tuple[tuple[str, str, str], ...]] = {
    2: (
        ("accounts", "service", "''"),
        ("accounts", "zones", "''"),
        ("accounts", "totp_secret", "''"),
        ("accounts", "totp_counter", "0"),
        ("held_records", "reason", "''"),
    ),
    3: (("sessions", "id_token", "''"),),
}
# Version reached -> columns of text that became longer than they were declared; SQLite has no lengths.
WIDER: dict[int, tuple[tuple[str, str], ...]] = {3: (("accounts", "totp_secret"),)}


def upgrade(connection: Connection, version: int) -> int:
    """Add what is missing since `version` inside the caller's transaction; give the version reached."""
    for reached in range(version + 1, schema.VERSION + 1):
        for table, column, value in STEPS.get(reached, ()):
            _add(connection, table, column, value)
        for table, column in WIDER.get(reached, ()):
            if connection.dialect.name != "sqlite":
                connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE TEXT"))
    return schema.VERSION


def _add(connection: Connection, table: str, column: str, value: str) -> None:
    if column in {known["name"] for known in inspect(connection).get_columns(table)}:
        return
    declared = schema.Table.metadata.tables[table].columns[column]
    kind = declared.type.compile(connection.dialect)
    bound = "" if declared.nullable else " NOT NULL"
    connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {column} {kind}{bound} DEFAULT {value}"))
