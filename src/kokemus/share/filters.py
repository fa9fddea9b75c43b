"""Which answers a page is about, as its address says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kokemus.share.scales import MEASURED
from kokemus.store.frames import Selection
from kokemus.store.models import Journey, Member, Response, Survey, Touchpoint, Unit
from kokemus.store.models.organisation import LANGUAGES

PERIODS: dict[str, tuple[int | None, str | Promise]] = {
    "7": (7, _("Last 7 days")),
    "28": (28, _("Last 28 days")),
    "90": (90, _("Last 90 days")),
    "365": (365, _("Last 12 months")),
    "all": (None, _("All time")),
}
PERIOD_USUAL = "28"

Row = TypeVar("Row", bound=Model)
Option = tuple[object, str | Promise]


class NotInSight(LookupError):
    """A filter names something that does not exist, or that the member may not see."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for, checked against what the member may see."""

    today: dt.date
    period: str = PERIOD_USUAL
    scale: str = ""
    unit: Unit | None = None
    journey: Journey | None = None
    touchpoint: Touchpoint | None = None
    survey: Survey | None = None
    channel: str = ""
    language: str = ""

    @property
    def days(self) -> int | None:
        return PERIODS[self.period][0]

    @property
    def first_day(self) -> dt.date | None:
        return None if self.days is None else self.today - dt.timedelta(days=self.days - 1)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the period and the scale is chosen."""
        chosen = (self.unit, self.journey, self.touchpoint, self.survey)
        return any(chosen) or bool(self.channel or self.language)

    @cached_property
    def selection(self) -> Selection:
        """The answers of the period."""
        return replace(self.ever, first_day=self.first_day)

    @cached_property
    def ever(self) -> Selection:
        """The same answers without the bounds of the period."""
        return Selection(
            scale=self.scale,
            unit=self.unit,
            journey=self.journey.pk if self.journey else None,
            touchpoint=self.touchpoint.pk if self.touchpoint else None,
            survey=self.survey.pk if self.survey else None,
            channel=self.channel,
            language=self.language,
        )

    @property
    def before(self) -> Selection | None:
        """As many days just before the period; None where it has no beginning."""
        if self.days is None or self.first_day is None:
            return None
        start = self.first_day - dt.timedelta(days=self.days)
        return replace(self.ever, first_day=start, last_day=self.first_day - dt.timedelta(days=1))


@dataclass(frozen=True)
class Choices:
    """What there is to filter by, as (value, words)."""

    units: list[Option]
    journeys: list[Option]
    touchpoints: list[Option]
    channels: list[Option]
    languages: list[Option]
    periods: list[Option]


def read_filters(query: Mapping[str, str], *, member: Member, now: dt.datetime) -> Filters:
    """Read the address.

    Raises
    ------
    NotInSight
        If a filter names something outside the member's reach.
    """
    return Filters(
        today=local_day(member, now=now),
        period=_known(query.get("period", ""), PERIODS) or PERIOD_USUAL,
        scale=_known(query.get("scale", ""), MEASURED),
        unit=_find(Unit.objects.visible_to(member), query.get("unit", "")),
        journey=_find(Journey.objects.visible_to(member), query.get("journey", "")),
        touchpoint=_find(Touchpoint.objects.met_by(member), query.get("touchpoint", "")),
        survey=_find(Survey.objects.visible_to(member), query.get("survey", "")),
        channel=_known(query.get("channel", ""), Response.Channel.values),
        language=_known(query.get("language", ""), dict(LANGUAGES)),
    )


def list_choices(member: Member) -> Choices:
    touchpoints = Touchpoint.objects.met_by(member).select_related("stage")
    placed = list(touchpoints)
    journeys = {point.stage.journey_id for point in placed}
    return Choices(
        units=[
            (unit.pk, "\u2003" * unit.depth + unit.name) for unit in Unit.objects.visible_to(member)
        ],
        journeys=[
            (journey.pk, journey.name)
            for journey in Journey.objects.visible_to(member)
            if journey.pk in journeys
        ],
        touchpoints=[(point.pk, point.name) for point in placed],
        channels=list(Response.Channel.choices),
        languages=list(LANGUAGES),
        periods=[(code, words) for code, (_days, words) in PERIODS.items()],
    )


def local_day(member: Member, *, now: dt.datetime) -> dt.date:
    """Today by the organisation's clock."""
    return now.astimezone(ZoneInfo(member.organisation.time_zone)).date()


def _known(value: str, allowed: Container[str]) -> str:
    """A value of a short list; a mistyped one is as if it were not there."""
    return value if value in allowed else ""


def _find(rows: QuerySet[Row], key: str) -> Row | None:
    if not key:
        return None
    found = rows.filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        raise NotInSight(key)
    return found
