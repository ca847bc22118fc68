"""What a migration took away from versions that do not know it, read from PostgreSQL's own catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from storage import Pool

Key = tuple[str, str]
"""Table, and column or constraint."""

COLUMNS = """
SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS must_be_given
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
    AND NOT a.attisdropped
"""
RULES = """
SELECT c.relname AS table, r.conname AS name, pg_get_constraintdef(r.oid) AS text,
    array(
        SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (r.conkey)
    ) AS columns
FROM pg_constraint AS r JOIN pg_class AS c ON c.oid = r.conrelid
WHERE c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT c.relname, i.relname, pg_get_indexdef(i.oid),
    array(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (x.indkey))
FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid JOIN pg_class AS i ON i.oid = x.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace AND x.indisunique
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.oid)
"""


@dataclass(frozen=True, slots=True)
class Schema:
    """Columns with type and whether every INSERT must name them; rules with their text and columns."""

    columns: Mapping[Key, tuple[str, bool]]
    rules: Mapping[Key, tuple[str, frozenset[str]]]


async def schema(pool: Pool) -> Schema:
    """Return what the database has now."""
    columns, rules = await pool.fetch(COLUMNS), await pool.fetch(RULES)
    return Schema(
        {(row["table"], row["name"]): (row["type"], row["must_be_given"]) for row in columns},
        {(row["table"], row["name"]): (row["text"], frozenset(row["columns"])) for row in rules},
    )


def losses(before: Schema, after: Schema) -> Iterator[str]:
    """Yield what a version that knows only *before* would stumble over in *after*."""
    tables = {table for table, _ in before.columns}
    for (table, name), (kind, given) in before.columns.items():
        now = after.columns.get((table, name))
        if now is None:
            yield f"{table}.{name} is gone"
        elif now[0] != kind:
            yield f"{table}.{name} was {kind} and is {now[0]}"
        elif now[1] and not given:
            yield f"{table}.{name} must be given now"
    for (table, name), (_, given) in after.columns.items():
        if table in tables and (table, name) not in before.columns and given:
            yield f"{table}.{name} is new and must be given"
    yield from _rules(before, after)


def _rules(before: Schema, after: Schema) -> Iterator[str]:
    for (table, name), (text, _) in before.rules.items():
        if after.rules.get((table, name), ("", frozenset()))[0] != text:
            yield f"{table}: {name} is gone or says something else"
    for (table, name), (_, columns) in after.rules.items():
        old = {column for column in columns if (table, column) in before.columns}
        if (table, name) not in before.rules and old:
            yield f"{table}: {name} is new and binds {sorted(old)}"
