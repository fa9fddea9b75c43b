"""Writing very many rows of one model at once: whole companies, not single answers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

ROWS_AT_ONCE = 10_000


def insert_rows(
    model: type[models.Model], *, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert the rows as they are, in the transaction the caller has begun.

    `columns` are attribute names ("unit_id"); a column that is left out has to be nullable.
    Nothing is checked but by the database, and no default is filled in.
    """
    fields = [_field(model, name) for name in columns]
    adapt = [_adapter(field) for field in fields]
    adapted = (
        [convert(value) if convert else value for convert, value in zip(adapt, row, strict=True)]
        for row in rows
    )
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as stream:
                for row in adapted:
                    stream.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            # Names come from our models, values travel beside the statement.
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            while batch := list(islice(adapted, ROWS_AT_ONCE)):
                cursor.executemany(statement, batch)


def next_key(model: type[models.Model]) -> int:
    """The first number that no row of the model has as its key."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def let_keys_follow(written: Sequence[type[models.Model]]) -> None:
    """Make the keys that the database gives follow those that were given by hand."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)


def _field(model: type[models.Model], attribute: str) -> Any:
    """The concrete field with this attribute name."""
    for field in model._meta.concrete_fields:
        if field.attname == attribute:
            return field
    raise LookupError(f"{model.__name__} has no column {attribute}.")


def _adapter(field: Any) -> Callable[[Any], Any] | None:
    """What the driver is given instead of the value, or nothing where it takes it as it is."""
    target = field.target_field if field.is_relation else field
    if isinstance(target, models.JSONField):
        return json.dumps
    if connection.vendor == "postgresql":
        return None
    if isinstance(target, models.UUIDField):
        return lambda value: value and value.hex
    if isinstance(target, models.DateTimeField):
        return _write_moment
    return connection.ops.adapt_datefield_value if isinstance(target, models.DateField) else None


def _write_moment(value: dt.datetime | None) -> str | None:
    """As Django's SQLite backend writes it, without what it checks of each value."""
    return str(value.astimezone(dt.UTC))[: -len("+00:00")] if value else None
