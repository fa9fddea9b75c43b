"""The one seam to dataframes: answers, and what was read of comments, that a member may see.

answers = frames.responses(member, frames.Selection(scale="nps", first_day=day))
by_week, by_score = frames.count(answers, by=[("week", "score"), ("score",)])
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from kokemus.store import lake, lake_tables
from kokemus.store.models import Member, Touchpoint, Unit

Counts = pl.DataFrame
"""A table of `count`: for annotations where dataframes are not imported."""
Rows = pl.LazyFrame
"""Answers or readings, to be counted: likewise."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which answers. Nothing given means all; `unit` means the unit and all below it."""

    first_day: dt.date | None = None
    last_day: dt.date | None = None
    scale: str = ""
    unit: Unit | None = None
    journey: int | None = None
    touchpoint: int | None = None
    survey: int | None = None
    channel: str = ""
    language: str = ""


EVERYTHING = Selection()


def responses(member: Member, selection: Selection = EVERYTHING) -> pl.LazyFrame:
    """One row an answer (columns: `lake_tables.ANSWERS`), within the walls of the member.

    An answer that was committed before this call is in it.
    """
    answers = lake.scan(
        member.organisation, first_day=selection.first_day, last_day=selection.last_day
    )
    return _narrow(answers, member, selection)


def readings(member: Member, selection: Selection = EVERYTHING) -> pl.LazyFrame:
    """One row a comment that was read (columns: `lake_tables.READINGS`), within the walls.

    A reading and a correction that were committed before this call are in it. `language` is
    the one that the comment is written in.
    """
    found = lake.scan(member.organisation, table=lake_tables.READINGS)
    return _narrow(between(found, selection.first_day, selection.last_day), member, selection)


def between(
    rows: pl.LazyFrame, first_day: dt.date | None, last_day: dt.date | None = None
) -> pl.LazyFrame:
    if first_day is not None:
        rows = rows.filter(pl.col("local_day") >= first_day)
    return rows if last_day is None else rows.filter(pl.col("local_day") <= last_day)


def mark_about(rows: pl.LazyFrame, theme: int) -> pl.LazyFrame:
    """Readings with the column `is_about`: whether the theme is in them."""
    return rows.with_columns(is_about=pl.col("themes").list.contains(theme))


def mark_any(rows: pl.LazyFrame, themes: Sequence[int]) -> pl.LazyFrame:
    """Readings with the column `has_any`: whether any of the themes is in them."""
    is_one = pl.element().is_in(list(themes))
    return rows.with_columns(has_any=pl.col("themes").list.eval(is_one).list.any())


def mark_value(
    rows: pl.LazyFrame, *, of: Sequence[str], name: str, values: Mapping[tuple[Any, ...], Any]
) -> pl.LazyFrame:
    """Rows with another column: what the values of some columns stand for, null if nothing."""
    kinds = {column: lake_tables.READINGS.schema[column] for column in of}
    table = [(*key, value) for key, value in values.items()]
    meant = pl.LazyFrame(table, schema=[*kinds.items(), name], orient="row")
    return rows.join(meant, on=list(of), how="left")


def mark_weeks(rows: pl.LazyFrame, start: dt.date) -> pl.LazyFrame:
    """Rows with the column `place`: how many periods of seven days after `start`."""
    days = (pl.col("local_day") - pl.lit(start)).dt.total_days()
    return rows.with_columns(place=days // 7)


def latest(rows: pl.LazyFrame, most: int) -> pl.LazyFrame:
    """So many readings, of those that were answered last, and what came in the same second."""
    moments = rows.select("answered_at").top_k(most, by="answered_at").collect()["answered_at"]
    return rows if len(moments) < most else rows.filter(pl.col("answered_at") >= moments.min())


def by_theme(rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row a theme of a reading, `theme`, and how it is felt about, `feeling`."""
    names = {"themes": "theme", "feelings": "feeling"}
    told = rows.drop("words").filter(pl.col("themes").list.len() > 0)
    return told.explode("themes", "feelings").rename(names)


def by_word(rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row a telling word of a reading, `word`."""
    told = rows.drop("themes", "feelings").filter(pl.col("words").list.len() > 0)
    return told.explode("words").rename({"words": "word"})


def _narrow(answers: pl.LazyFrame, member: Member, selection: Selection) -> pl.LazyFrame:
    if (units := _units(member, selection)) is not None:
        answers = answers.filter(pl.col("unit").is_in(units))
    if selection.journey is not None:
        placed = Touchpoint.objects.filter(
            organisation=member.organisation_id, stage__journey=selection.journey
        )
        placed_keys = list(placed.values_list("pk", flat=True))
        answers = answers.filter(pl.col("touchpoint").is_in(placed_keys))
    for name in ("scale", "touchpoint", "survey", "channel", "language"):
        if value := getattr(selection, name):
            answers = answers.filter(pl.col(name) == value)
    return answers


def count(answers: pl.LazyFrame, *, by: Sequence[Sequence[str]]) -> list[pl.DataFrame]:
    """How many answers there are of each kind, for several kinds of kinds in one pass.

    Each table has the columns it was asked by, and `answers`.
    """
    tables = [
        answers.group_by(columns).agg(pl.len().cast(pl.Int64).alias("answers")).sort(columns)
        for columns in by
    ]
    return pl.collect_all(tables, engine="streaming")


def spread(
    rows: pl.LazyFrame, *, of: str, over: str, places: Sequence[Any], least: int = 1
) -> dict[Any, list[int]]:
    """By value of `of` how many rows are at each place of `over`; rarer than `least` left out."""
    known = rows.select(of, over).filter(pl.col(over).is_in(list(places)))
    pairs = known.group_by(of, over).agg(pl.len().alias("rows"))
    common = pairs.filter(pl.col("rows").sum().over(of) >= least).sort(of, over).collect()
    column = {value: number for number, value in enumerate(places)}
    found: dict[Any, list[int]] = {}
    for value, place, n in common.iter_rows():
        found.setdefault(value, [0] * len(places))[column[place]] = n
    return found


def count_rows(rows: pl.LazyFrame) -> int:
    total: int = rows.select(pl.len()).collect().item()
    return total


def average(rows: pl.LazyFrame, *, of: str, by: str) -> pl.DataFrame:
    """By value of `by`: it, how many rows, the mean of `of`, and the mean of its square."""
    told = rows.group_by(by).agg(
        pl.len().cast(pl.Int64).alias("answers"),
        pl.col(of).mean().alias("mean"),
        pl.col(of).pow(2).mean().alias("square"),
    )
    return told.sort(by).collect()


def find_parts(text: str, parts: list[str]) -> list[str]:
    """Those of many parts that stand anywhere in a long text, found in one pass over it."""
    column = pl.Series([text]).str
    if not column.contains_any(parts).item():
        return []
    return column.extract_many(parts, overlapping=True).explode().unique().to_list()


def _units(member: Member, selection: Selection) -> list[int] | None:
    """Keys of the units to look at; None where that is the whole organisation."""
    sees_everything = any(path.count("/") == 1 for path in member.paths_with("viewer"))
    if sees_everything and selection.unit is None:
        return None
    units = Unit.objects.visible_to(member)
    if selection.unit is not None:
        units = units.filter(path__startswith=selection.unit.path)
    return list(units.values_list("pk", flat=True))
