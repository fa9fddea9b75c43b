"""The shapes of an invented organisation: what a loader or a test of a statistic receives."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Names = Mapping[str, str]
"""What a person reads, by language code: fi, sv, en."""
Mode = Literal["human", "digital", "physical"]
UnitKind = Literal["internal", "partner"]
Role = Literal["admin", "lead", "agent", "viewer"]
ScaleKind = Literal["nps", "csat", "ces", "stars", "thumbs"]
Whole = NDArray[np.int64]
Moments = NDArray[np.datetime64]
"""UTC, to the microsecond (``datetime64[us]``); `aware` turns a column into datetimes."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    code: str
    names: Names
    parent: str | None
    kind: UnitKind


@dataclass(frozen=True, kw_only=True)
class Member:
    name: str
    email: str
    language: str
    roles: tuple[tuple[str, Role], ...]
    """Pairs of a unit's code and the role in it."""


@dataclass(frozen=True, kw_only=True)
class Touchpoint:
    code: str
    names: Names
    mode: Mode
    unit: str
    """Code of the owning unit."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    code: str
    names: Names
    touchpoints: tuple[Touchpoint, ...]


@dataclass(frozen=True, kw_only=True)
class Journey:
    code: str
    names: Names
    stages: tuple[Stage, ...]


@dataclass(frozen=True, kw_only=True)
class Survey:
    code: str
    names: Names
    touchpoint: str
    kind: ScaleKind


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a case came about, as the one who resolves it says."""

    code: str
    names: Names


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something the organisation did, or that befell it, at a moment; a line on a chart."""

    code: str
    names: Names
    happened_at: datetime.datetime


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """Columns of equal length; row i is contact i."""

    reference: list[str]
    name: list[str]
    email: list[str]
    """May be empty."""
    phone: list[str]
    """May be empty."""
    language: list[str]
    region: list[str]
    """Code of a region: uusimaa, pirkanmaa, varsinais-suomi, oulu."""
    segment: list[str]
    """household, senior or company."""
    account: list[str]
    """Name of the account, empty for most."""

    def __len__(self) -> int:
        return len(self.reference)


@dataclass(frozen=True, kw_only=True)
class Encounters:
    """Columns of equal length, ordered by time; an index of -1 stands for none."""

    key: list[uuid.UUID]
    contact: Whole
    touchpoint: Whole
    happened_at: Moments
    unit: Whole
    """Index into `Company.units`: who met the contact."""
    partner: Whole
    """Index into `Company.units`: the subcontractor that took part, or -1."""
    staff: Whole
    """Index into `Company.staff`, or -1."""
    handoffs: Whole
    """How many times the matter went from hand to hand: 0 to 3."""

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, kw_only=True)
class Responses:
    """Columns of equal length, ordered by `answered_at`."""

    key: list[uuid.UUID]
    encounter: Whole
    survey: Whole
    score: Whole
    comment: list[str]
    """Empty where nothing was written."""
    theme: list[str]
    """What the comment was made to lead with; empty without one, or where it only judges."""
    may_contact: NDArray[np.bool_]
    language: list[str]
    channel: list[str]
    """link, qr, email, sms or api."""
    answered_at: Moments

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, kw_only=True)
class Leg:
    unit: str
    started_at: datetime.datetime
    taken_at: datetime.datetime | None
    taken_by: str
    """Email of a member, empty while nobody has taken it."""
    ended_at: datetime.datetime | None


@dataclass(frozen=True, kw_only=True)
class Note:
    written_at: datetime.datetime
    written_by: str
    """Email of a member."""
    text: str


@dataclass(frozen=True, kw_only=True)
class Case:
    response: int
    """Index into `Company.responses`."""
    opened_at: datetime.datetime
    legs: tuple[Leg, ...]
    cause: str
    """Code of a cause, empty while the case is open."""
    resolved_at: datetime.datetime | None
    notes: tuple[Note, ...]


def aware(moments: Moments) -> list[datetime.datetime]:
    """Turn a column of moments into datetimes in UTC, fast enough for a loader."""
    return [moment.replace(tzinfo=datetime.UTC) for moment in moments.tolist()]
