"""Which rows of a table the database shows to a party, as each app says beside its models."""

from __future__ import annotations

from dataclasses import dataclass

from apps.platform.core.registry import Registry


@dataclass(frozen=True)
class RowPolicy:
    """Which rows of a table the database shows to a party: SQL over the table's columns."""

    table: str
    condition: str


@dataclass(frozen=True)
class OpenTable:
    """A table, or a pattern of table names, that holds nothing of one party alone; and why."""

    table: str
    reason: str


ROW_POLICIES = Registry(
    "accounts.row_policies",
    meaning="Row-level security is installed from these conditions, one a table.",
    of=RowPolicy,
    key=lambda wall: wall.table,
)
OPEN_TABLES = Registry(
    "accounts.open_tables",
    meaning="Tables without row-level security, each with the reason.",
    of=OpenTable,
    key=lambda table: table.table,
)
