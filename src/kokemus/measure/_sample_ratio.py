"""Arms as large as planned, and answering alike: the checks before any difference is read."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kokemus.measure.results import HtmlTable, Result, write_group

if TYPE_CHECKING:
    import altair

Arm = TypeVar("Arm", bound=Hashable)
FALSE_ALARM = 0.001
EXPECTED_MIN = 5  # below it chi-square is no guide
PLANNED, MISMATCH, CANNOT_TELL = "as planned", "mismatch", "cannot tell"


class UnknownArm(LookupError):
    """Two lists of arms that must be the same are not."""


@dataclass(frozen=True)
class ArmCounts:
    """How many units an arm has, and their rows and answers as sums and products.

    A unit is what was randomised: a row (then the products are the sums) or a cluster.
    """

    arm: Hashable
    units: float
    rows: float
    answers: float
    rows_rows: float
    rows_answers: float
    answers_answers: float
    unassigned: float = 0.0

    @classmethod
    def of_rows(cls, arm: Hashable, rows: float, answers: float) -> "ArmCounts":
        if not 0 <= answers <= rows < math.inf:
            raise ValueError(f"arm {arm!r}: answers must be 0 to the assigned: {answers=}, {rows=}")
        return cls(arm, rows, rows, answers, rows, answers, answers)

    @property
    def rate(self) -> float:
        return self.answers / self.rows

    def rate_variance(self, rate: float) -> float:
        """Variance of the rate if the arm's expected rate is `rate`; robust to clusters.

        With a row as unit it is rate (1 - rate) / rows up to the arm's own rate; the sums about
        the common rate make it Pearson's.
        """
        if self.units == self.rows:
            return rate * (1 - rate) / self.rows
        spread = self.answers_answers - 2 * self.rate * self.rows_answers
        spread += self.rate**2 * self.rows_rows
        correction = self.units / (self.units - 1) if self.units > 1 else math.inf
        return max(spread, 0.0) / self.rows**2 * correction


@dataclass(frozen=True, kw_only=True)
class SampleRatio(Result):
    """Whether the arms are as large as planned, and whether they answer equally often.

    Attributes
    ----------
    arms : tuple
        The arms, in order.
    assigned : tuple of int
        Units of randomisation in each.
    shares : tuple of float
        Planned share of each, 0 to 1.
    verdict : str
        "as planned", "mismatch" or "cannot tell".
    chi_square, p_value : float or None
        Pearson's statistic of the sizes (arms less one degrees of freedom) and its p-value.
    answering : tuple of float, or None
        Share of each arm that answered; None where answering was not given.
    answering_verdict : str or None
        "as planned" (alike), "mismatch" or "cannot tell".
    answering_chi_square, answering_p_value : float or None
        The statistic of equal answering and its p-value.
    unassigned : int
        Rows that name no arm (or no cluster).
    false_alarm : float
        How often each check calls a sound experiment a mismatch: 0.001.
    """

    arms: tuple[Hashable, ...]
    assigned: tuple[int, ...]
    shares: tuple[float, ...]
    verdict: str
    chi_square: float | None
    p_value: float | None
    answering: tuple[float | None, ...] | None = None
    answering_verdict: str | None = None
    answering_chi_square: float | None = None
    answering_p_value: float | None = None
    unassigned: int = 0
    false_alarm: float = FALSE_ALARM

    @property
    def is_sound(self) -> bool:
        """Neither check found a mismatch."""
        return MISMATCH not in (self.verdict, self.answering_verdict)

    def __str__(self) -> str:
        if not self.arms:
            unassigned = f", {self.unassigned:,} unassigned" * bool(self.unassigned)
            return f"Sample ratio: {self.verdict}, nobody is assigned{unassigned}."
        names = [write_group(arm) for arm in self.arms]
        counts = ", ".join(f"{a} {n:,}" for a, n in zip(names, self.assigned, strict=True))
        planned = ", ".join(f"{100 * share:.1f} %" for share in self.shares)
        sizes = f"Sample ratio: {self.verdict} (assigned {counts}; planned {planned}"
        text = sizes + self._write_p(self.p_value)
        if self.unassigned:
            text += f" {self.unassigned:,} unassigned."
        if self.answering is not None:
            words = {PLANNED: "alike in all arms", MISMATCH: "differs between arms"}
            verdict = words.get(str(self.answering_verdict), CANNOT_TELL)
            shares = ", ".join(
                f"{a} " + ("none" if r is None else f"{100 * r:.1f} %")
                for a, r in zip(names, self.answering, strict=True)
            )
            text += f"\nAnswering: {verdict} ({shares}" + self._write_p(self.answering_p_value)
        return text

    @staticmethod
    def _write_p(p_value: float | None) -> str:
        return ")." if p_value is None else f"; p {p_value:.2g})."

    def _table(self) -> HtmlTable:
        answering = self.answering or (None,) * len(self.arms)
        rows = zip(map(write_group, self.arms), self.assigned, self.shares, answering, strict=True)
        return ("arm", "assigned", "planned share", "answered"), list(rows)

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars
        from kokemus.measure.intervals import wilson_interval

        total = sum(self.assigned)
        rows = [
            Interval(write_group(arm), n / total, *wilson_interval(n, total))
            for arm, n in zip(self.arms, self.assigned, strict=True)
        ]
        return draw_bars(rows, title="share of the assigned")


def check_ratio(
    counts: Sequence[ArmCounts],
    *,
    shares: Mapping[Hashable, float] | None,
    has_answers: bool,
) -> SampleRatio:
    arms = [count.arm for count in counts]
    planned = read_shares(shares, arms)
    total = sum(planned.values())
    expected = [planned[arm] / total for arm in arms]
    chi_square, p_value = _test_sizes([count.units for count in counts], expected)
    answering = _test_answering(counts) if has_answers else (None, None)
    return SampleRatio(
        arms=tuple(arms),
        assigned=tuple(round(count.units) for count in counts),
        shares=tuple(expected),
        verdict=_judge(p_value),
        chi_square=chi_square,
        p_value=p_value,
        answering=tuple(c.rate if c.rows else None for c in counts) if has_answers else None,
        answering_verdict=_judge(answering[1]) if has_answers else None,
        answering_chi_square=answering[0],
        answering_p_value=answering[1],
        unassigned=round(counts[0].unassigned) if counts else 0,
    )


def read_shares(shares: Mapping[Arm, float] | None, arms: Sequence[Arm]) -> dict[Arm, float]:
    if shares is None:
        return dict.fromkeys(arms, 1.0)
    check_same_arms(shares, arms)
    if not all(0 <= share < math.inf for share in shares.values()) or not sum(shares.values()) > 0:
        raise ValueError(f"shares must be 0 or more, and one over 0: {dict(shares)}")
    return {arm: float(share) for arm, share in shares.items()}


def check_same_arms(found: Iterable[Hashable], arms: Sequence[Hashable]) -> None:
    if set(found) != set(arms):
        raise UnknownArm(f"the arms are {list(arms)}, and not {list(found)}")


def _test_sizes(
    units: Sequence[float], shares: Sequence[float]
) -> tuple[float | None, float | None]:
    expected = [share * sum(units) for share in shares]
    if len(units) < 2 or min(expected) < EXPECTED_MIN:
        return None, None
    chi_square = sum((n - e) ** 2 / e for n, e in zip(units, expected, strict=True))
    return chi_square, _chi_square_tail(chi_square, len(units) - 1)


def _test_answering(counts: Sequence[ArmCounts]) -> tuple[float | None, float | None]:
    rows, answers = sum(c.rows for c in counts), sum(c.answers for c in counts)
    if len(counts) < 2 or min(c.units for c in counts) < EXPECTED_MIN or not rows:
        return None, None
    if answers in (0, rows):
        return 0.0, 1.0
    rate = answers / rows
    if min(c.rows for c in counts) * min(rate, 1 - rate) < EXPECTED_MIN:
        return None, None
    variances = [c.rate_variance(rate) for c in counts]
    if min(variances) <= 0:
        return None, None
    weights = [1 / variance for variance in variances]
    centre = sum(w * c.rate for w, c in zip(weights, counts, strict=True)) / sum(weights)
    chi_square = sum(w * (c.rate - centre) ** 2 for w, c in zip(weights, counts, strict=True))
    return chi_square, _chi_square_tail(chi_square, len(counts) - 1)


def _chi_square_tail(chi_square: float, degrees: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(degrees, chi_square))


def _judge(p_value: float | None) -> str:
    if p_value is None:
        return CANNOT_TELL
    return MISMATCH if p_value < FALSE_ALARM else PLANNED
