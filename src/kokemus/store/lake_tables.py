"""What the column files hold: answers, and what was read of their comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Model, QuerySet

from kokemus.comments.themes.stop_words import is_telling
from kokemus.store.models import CommentReading, Organisation, Response

ROWS_AT_ONCE = 200_000


@dataclass(frozen=True)
class Table:
    """One kind of row with its columns; `format` grows when old files can be read no more.

    `rows` are an organisation's, and `select` the statement that reads those changed within two
    moments, either of which may be missing. Rows of some kinds may go without a trace, so
    readers of those have to ask which there are.
    """

    suffix: str
    format: int
    schema: dict[str, Any]
    rows: Callable[[Organisation], QuerySet[Any]]
    has_changed: Callable[[Organisation, dt.datetime, dt.datetime], bool]
    select: Callable[[Organisation, dt.datetime | None, dt.datetime | None], tuple[str, list[Any]]]
    to_frame: Callable[[pl.DataFrame], pl.DataFrame]
    selected: dict[str, Any]
    is_checked: bool

    def read(
        self, organisation: Organisation, *, after: dt.datetime | None, until: dt.datetime | None
    ) -> Iterator[pl.DataFrame]:
        """What changed after the one moment and until the other, in frames of bounded size."""
        query, values = self.select(organisation, after, until)
        with connection.chunked_cursor() as cursor:
            cursor.execute(query, values)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                columns = dict(zip(self.selected, map(list, zip(*rows, strict=True)), strict=True))
                raw = pl.DataFrame(columns, schema=self.selected)
                told = self.to_frame(raw.with_columns(pl.col("local_day").str.to_date("%Y-%m-%d")))
                yield told.select([pl.col(name).cast(kind) for name, kind in self.schema.items()])

    def read_keys(self, organisation: Organisation) -> pl.DataFrame:
        rows = self.rows(organisation).order_by().values_list("pk", flat=True)
        return pl.DataFrame({"id": [key.hex for key in rows]}, schema={"id": pl.String})


_PLACE: dict[str, Any] = {
    "survey": pl.Int64,
    "touchpoint": pl.Int64,
    "unit": pl.Int64,
    "channel": pl.String,
    "language": pl.String,
    "scale": pl.String,
    "score": pl.Int16,
}
_DAY: dict[str, Any] = {"id": pl.String, "local_day": pl.String}


def _bounds(
    column: str, after: dt.datetime | None, until: dt.datetime | None
) -> tuple[str, list[Any]]:
    conditions, values = "", []
    for moment, sign in ((after, ">"), (until, "<=")):
        if moment is not None:
            conditions += f" AND {column} {sign} %s"
            values.append(connection.ops.adapt_datetimefield_value(moment))
    return conditions, values


_ANSWERS = """
SELECT replace(CAST(id AS TEXT), '-', ''), CAST(local_day AS TEXT), survey_id, touchpoint_id,
       unit_id, channel, language, scale, score, CASE WHEN comment = '' THEN 0 ELSE 1 END
FROM store_response WHERE organisation_id = %s
"""


def _select_answers(
    organisation: Organisation, after: dt.datetime | None, until: dt.datetime | None
) -> tuple[str, list[Any]]:
    conditions, values = _bounds("changed_at", after, until)
    return f"{_ANSWERS}{conditions} ORDER BY changed_at", [organisation.pk, *values]


def _own(model: type[Model]) -> Callable[[Organisation], QuerySet[Any]]:
    return lambda organisation: model._default_manager.filter(organisation=organisation)


def _has_answer_changed(organisation: Organisation, after: dt.datetime, until: dt.datetime) -> bool:
    rows = Response.objects.filter(organisation=organisation)
    return rows.filter(changed_at__gt=after, changed_at__lte=until).exists()


ANSWERS = Table(
    suffix="",
    format=1,
    schema={
        "id": pl.String,
        "local_day": pl.Date,
        "week": pl.String,
        **_PLACE,
        "has_comment": pl.Boolean,
    },
    rows=_own(Response),
    has_changed=_has_answer_changed,
    select=_select_answers,
    to_frame=lambda raw: raw.with_columns(week=pl.col("local_day").dt.strftime("%G-W%V")),
    selected={**_DAY, **_PLACE, "has_comment": pl.Int64},
    is_checked=False,
)

# The score and the place of a comment are those of its answer, whose clock is another one.
_READINGS = """
SELECT replace(CAST(r.response_id AS TEXT), '-', ''), CAST(r.local_day AS TEXT), a.survey_id,
       a.touchpoint_id, r.unit_id, a.channel, r.language, a.scale, a.score,
       CAST(r.answered_at AS TEXT), CASE WHEN r.is_unsure THEN 1 ELSE 0 END, r.lemmas,
       (SELECT {gather} FROM store_readtheme t WHERE t.reading_id = r.response_id)
FROM store_commentreading r JOIN store_response a ON a.id = r.response_id
"""
_CHANGED = """
WHERE r.response_id IN (
    SELECT response_id FROM store_commentreading WHERE organisation_id = %s{read}
    UNION SELECT id FROM store_response WHERE organisation_id = %s{changed})
"""
_GATHER = {
    "sqlite": "group_concat(t.theme_id || ':' || t.sentiment, ' ')",
    "postgresql": "string_agg(t.theme_id || ':' || t.sentiment, ' ')",
}


def _select_readings(
    organisation: Organisation, after: dt.datetime | None, until: dt.datetime | None
) -> tuple[str, list[Any]]:
    query = _READINGS.format(gather=_GATHER[connection.vendor])
    if after is None:
        conditions, values = _bounds("r.read_at", after, until)
        query += f"WHERE r.organisation_id = %s{conditions} ORDER BY r.local_day"
        return query, [organisation.pk, *values]
    read, values = _bounds("read_at", after, until)
    changed, _values = _bounds("changed_at", after, until)
    changes = _CHANGED.format(read=read, changed=changed)
    return query + changes, 2 * [organisation.pk, *values]


def _has_reading_changed(
    organisation: Organisation, after: dt.datetime, until: dt.datetime
) -> bool:
    rows = CommentReading.objects.filter(organisation=organisation)
    if rows.filter(read_at__gt=after, read_at__lte=until).exists():
        return True
    answers = Response.objects.filter(organisation=organisation).commented()
    return answers.filter(changed_at__gt=after, changed_at__lte=until).exists()


def _to_readings(raw: pl.DataFrame) -> pl.DataFrame:
    """Distinct telling words; themes, and how each is felt about, in two lists of one order."""
    found = pl.col("gathered").fill_null("").str.extract_all(r"\S+")
    words = [sorted(set(filter(is_telling, lemmas.split()))) for lemmas in raw["lemmas"]]
    second = pl.col("answered_at").str.slice(0, 19)
    return raw.with_columns(
        answered_at=second.str.to_datetime("%Y-%m-%d %H:%M:%S"),
        words=pl.Series(words, dtype=pl.List(pl.String)),
        themes=found.list.eval(pl.element().str.extract(r"^(\d+):").cast(pl.Int64)),
        feelings=found.list.eval(pl.element().str.extract(r":(\S+)$").cast(pl.Float64)),
    )


READINGS = Table(
    suffix="-readings",
    format=1,
    schema={
        "id": pl.String,
        "local_day": pl.Date,
        **_PLACE,
        "answered_at": pl.Datetime("us"),
        "is_unsure": pl.Boolean,
        "words": pl.List(pl.String),
        "themes": pl.List(pl.Int64),
        "feelings": pl.List(pl.Float64),
    },
    rows=_own(CommentReading),
    has_changed=_has_reading_changed,
    select=_select_readings,
    to_frame=_to_readings,
    selected={
        **_DAY,
        **_PLACE,
        "answered_at": pl.String,
        "is_unsure": pl.Int64,
        "lemmas": pl.String,
        "gathered": pl.String,
    },
    is_checked=True,
)
TABLES = (ANSWERS, READINGS)
