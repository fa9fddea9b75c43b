"""What changed since a day, as it is handed back."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure.results import Estimate, Result, write_group

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, kw_only=True)
class MetricChange:
    """A group's score before and after.

    Attributes
    ----------
    group : object
        The group's value, a tuple of values with several columns, None without groups.
    metric : str
        What is compared, such as "score: nps".
    before, after, change : Estimate
        Scores and their difference, with intervals; NPS in points, shares in percent, means in
        the unit of the answers. None where one side has no answers.
    answers_before, answers_after : float
        How many each side rests on; with weights Kish's effective number.
    p_value : float or None
        Of no change; None where it cannot be told.
    q_value : float or None
        The lowest false discovery rate at which it is found.
    is_change : bool
        Whether it is found at the rate asked for.
    """

    group: Hashable
    metric: str
    before: Estimate
    after: Estimate
    change: Estimate
    answers_before: float
    answers_after: float
    p_value: float | None
    q_value: float | None
    is_change: bool

    def __str__(self) -> str:
        heading = self.metric if self.group is None else f"{write_group(self.group)}: {self.metric}"
        if self.p_value is None:
            return f"{heading}: cannot tell"
        return f"{heading} changed by {self.change}, q = {self.q_value:.2g}"


@dataclass(frozen=True, kw_only=True)
class MetricChanges(Result):
    """Every group's score before and after, the surest changes first.

    Attributes
    ----------
    changes : tuple of MetricChange
        By q-value; those that cannot be told come last.
    since : object
        The first period of after.
    false_discovery_rate : float
        Among the changes found, at most this share is false on average; where nothing changed
        anywhere, the chance that any is found.
    dispersion : dict
        For each metric how much more the periods vary than sampling explains (1 is just as much);
        None where there are too few periods to tell.
    missing : int
        Rows left out: no answer, no period, or no weight over 0.
    confidence : float
        Nominal coverage of the intervals.
    method : str
        How changes are tested.
    """

    changes: tuple[MetricChange, ...]
    since: Hashable
    false_discovery_rate: float
    dispersion: dict[str, float | None]
    missing: int
    confidence: float
    method: str = "quasi-likelihood t test, Benjamini-Hochberg"

    @property
    def found(self) -> tuple[MetricChange, ...]:
        """The changes that are found."""
        return tuple(change for change in self.changes if change.is_change)

    def __str__(self) -> str:
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        yield from map(str, self.found)
        tested = sum(change.p_value is not None for change in self.changes)
        since = write_group(self.since)
        if not tested:
            yield f"cannot tell whether anything changed since {since}"
            return
        yield (
            f"{len(self.found)} of {tested} changed since {since}; of those found at most"
            f" {100 * self.false_discovery_rate:.3g} % are false on average"
        )
        for metric, dispersion in self.dispersion.items():
            if dispersion is None:
                yield f"{metric}: too few periods to tell how they vary; sampling alone is counted"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                write_group(change.group),
                change.metric,
                str(change.change),
                "cannot tell" if change.q_value is None else f"{change.q_value:.2g}",
                "changed" if change.is_change else "",
            ]
            for change in self.changes
        ]
        return ["group", "metric", "change", "q", ""], rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [
            Interval(f"{write_group(each.group)}: {each.metric}", *_parts(each.change))
            for each in self.changes
        ]
        return draw_intervals(rows, title=f"change since {write_group(self.since)}", reference=0.0)


def _parts(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.estimate, estimate.low, estimate.high
