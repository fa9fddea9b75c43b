"""How the answers on each scale become one number, and in which words it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kokemus import measure
from kokemus.measure import Score
from kokemus.store.scales import SCALES
from kokemus.ui.wording import format_number, format_percent, format_signed

Form = Literal["points", "percent", "mean"]
Tone = Literal["bad", "middle", "good"]


@dataclass(frozen=True)
class Group:
    """Neighbouring answers that mean the same: 0 to 6 are detractors."""

    low: int
    high: int
    tone: Tone
    name: str | Promise

    def holds(self, score: int) -> bool:
        return self.low <= score <= self.high


@dataclass(frozen=True)
class Measured:
    """A scale as the overview shows it.

    `score` takes a frame as `measure.nps` does, `of_histogram` how many gave each answer.
    """

    code: str
    name: str | Promise
    form: Form
    score: Callable[..., Any]
    of_histogram: Callable[..., Score]
    groups: tuple[Group, ...]

    @property
    def scores(self) -> range:
        scale = SCALES[self.code]
        return range(scale.low, scale.high + 1)

    @property
    def is_signed(self) -> bool:
        return self.form == "points"

    @property
    def decimals(self) -> int:
        return 2 if self.form == "mean" else 0

    def group_of(self, score: int) -> Group:
        return next(group for group in self.groups if group.holds(score))

    def write(self, value: float) -> str:
        """The score as people read it: "+42", "81 %", "4.12"."""
        if self.form == "points":
            return format_signed(value)
        if self.form == "percent":
            return format_percent(value / 100)
        return format_number(value, decimals=2)

    def write_margin(self, value: float) -> str:
        """What stands after a ±: "5", "0.12"."""
        return format_number(abs(value), decimals=self.decimals)

    def write_size(self, value: float) -> str:
        """A difference without its sign, with its unit: "5 points", "0.12"."""
        words = {
            "points": gettext("%(size)s points"),
            "percent": gettext("%(size)s percentage points"),
            "mean": "%(size)s",
        }
        return words[self.form] % {"size": self.write_margin(value)}

    def write_signed(self, value: float) -> str:
        return format_signed(value, decimals=self.decimals)

    def as_shown(self, score: Score) -> Score:
        """For the tag `{% score %}`, to which a percentage is a share of one."""
        if self.form != "percent":
            return score
        shares = (None if x is None else x / 100 for x in (score.estimate, score.low, score.high))
        estimate, low, high = shares
        return replace(score, estimate=estimate, low=low, high=high)


MEASURED = {
    each.code: each
    for each in (
        Measured(
            "nps",
            _("Recommendation (NPS)"),
            "points",
            measure.nps,
            measure.nps_from_histogram,
            (
                Group(0, 6, "bad", _("Detractors")),
                Group(7, 8, "middle", _("Passives")),
                Group(9, 10, "good", _("Promoters")),
            ),
        ),
        Measured(
            "csat",
            _("Satisfaction (CSAT)"),
            "percent",
            measure.csat,
            measure.csat_from_histogram,
            (
                Group(1, 2, "bad", _("Dissatisfied")),
                Group(3, 3, "middle", _("In between")),
                Group(4, 5, "good", _("Satisfied")),
            ),
        ),
        Measured(
            "ces",
            _("Ease (CES)"),
            "mean",
            measure.ces,
            measure.ces_from_histogram,
            (
                Group(1, 3, "bad", _("Hard")),
                Group(4, 4, "middle", _("In between")),
                Group(5, 7, "good", _("Easy")),
            ),
        ),
        Measured(
            "stars",
            _("Stars"),
            "mean",
            partial(measure.mean_score, scale=(1, 5)),
            partial(measure.mean_from_histogram, scale=(1, 5)),
            (
                Group(1, 2, "bad", _("1–2 stars")),
                Group(3, 3, "middle", _("3 stars")),
                Group(4, 5, "good", _("4–5 stars")),
            ),
        ),
        Measured(
            "thumbs",
            _("Thumbs"),
            "percent",
            partial(measure.csat, scale=(0, 1), box=1),
            partial(measure.csat_from_histogram, scale=(0, 1), box=1),
            (Group(0, 0, "bad", _("Thumb down")), Group(1, 1, "good", _("Thumb up"))),
        ),
    )
}


def scores_of(tone: str, *, scale: str = "", response: str = "") -> Q:
    """Answers that are bad, middle or good on their own scale; `response` leads to the answer."""
    fits = Q(pk__in=[])
    for code, measured in MEASURED.items():
        for group in measured.groups:
            if group.tone == tone and scale in ("", code):
                bounds = {"score__gte": group.low, "score__lte": group.high, "scale": code}
                fits |= Q(**{f"{response}{name}": value for name, value in bounds.items()})
    return fits
