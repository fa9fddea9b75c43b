"""The one seam to dataframes: the answers a member may see, as they are now.

answers = frames.responses(member, frames.Selection(scale="nps", first_day=day))
by_week, by_score = frames.count(answers, by=[("week", "score"), ("score",)])
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kokemus.store import lake
from kokemus.store.models import Member, Touchpoint, Unit

Counts = pl.DataFrame
"""A table of `count`: for annotations where dataframes are not imported."""


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
    """One row an answer (columns: `lake.SCHEMA`), within the walls of the member.

    An answer that was committed before this call is in it.
    """
    answers = lake.scan(
        member.organisation, first_day=selection.first_day, last_day=selection.last_day
    )
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


def _units(member: Member, selection: Selection) -> list[int] | None:
    """Keys of the units to look at; None where that is the whole organisation."""
    sees_everything = any(path.count("/") == 1 for path in member.paths_with("viewer"))
    if sees_everything and selection.unit is None:
        return None
    units = Unit.objects.visible_to(member)
    if selection.unit is not None:
        units = units.filter(path__startswith=selection.unit.path)
    return list(units.values_list("pk", flat=True))
