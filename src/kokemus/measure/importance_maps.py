"""Maps of four cells: what is said to matter beside what does, and how it is done beside that."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._driver_estimates import NoPredictors
from kokemus.measure._driver_results import Drivers, find_quantile
from kokemus.measure._frame import gram, list_columns
from kokemus.measure.histograms import Floats
from kokemus.measure.relative_importance import drivers
from kokemus.measure.results import Estimate, HtmlTable, Result, write_count

if TYPE_CHECKING:
    import altair

    from kokemus.measure._frame import IntoFrame

CANNOT_TELL = "cannot tell"
EQUAL = 1e-9  # a margin of less than this part of the mean is rounding: all answers are equal
STATED_CELLS = {
    (True, True): "known driver",
    (False, True): "hidden driver",
    (True, False): "said, not shown",
    (False, False): "minor",
}
PERFORMANCE_CELLS = {
    (True, True): "keep up",
    (False, True): "improve first",
    (True, False): "possible overkill",
    (False, False): "low priority",
}


@dataclass(frozen=True, kw_only=True)
class MapPoint:
    """One predictor on a map.

    Attributes
    ----------
    name : str
    across : Estimate
        Stated importance, or performance: a mean in the unit of its answers.
    importance : Estimate
        Revealed importance: the share of the outcome's variance.
    cell : str
        The reading of its cell, or "cannot tell" where an interval crosses a line.
    """

    name: str
    across: Estimate
    importance: Estimate
    cell: str


@dataclass(frozen=True, kw_only=True)
class ImportanceMap(Result):
    """Points of a map by name: ``found["staff"].cell``.

    Attributes
    ----------
    kind : str
        "stated importance" or "performance".
    points : dict
        Name to `MapPoint`.
    crosshair : tuple
        (mean across, mean importance), where the four cells meet; None if it cannot be told.
    answers : int
        Rows behind the means.
    method : str
    confidence : float
    """

    kind: str
    points: dict[str, MapPoint]
    crosshair: tuple[float | None, float | None]
    answers: int
    method: str
    confidence: float

    def __getitem__(self, name: str) -> MapPoint:
        return self.points[name]

    def __str__(self) -> str:
        if not self.points:
            return f"{self.kind} and revealed importance: cannot tell"
        lines = [
            f"{self.kind} and revealed importance by {self.method},"
            f" {write_count(self.answers, 'answer')}, {100 * self.confidence:.4g} % intervals"
        ]
        for point in self.points.values():
            lines.append(
                f"  {point.name}: {point.cell}; {self.kind} {point.across.write(2)},"
                f" importance {point.importance.write(3)}"
            )
        return "\n".join(lines)

    def _table(self) -> HtmlTable:
        rows = [
            (point.name, point.across.write(2), point.importance.write(3), point.cell)
            for point in self.points.values()
        ]
        return ("driver", self.kind, "importance", "reading"), rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Point, draw_line

        return draw_line(
            [
                Point(
                    point.across.estimate,
                    point.importance.estimate,
                    point.importance.low,
                    point.importance.high,
                    point.name,
                )
                for point in self.points.values()
            ],
            title="revealed importance",
            x_title=self.kind,
        )


def stated_and_revealed(
    frame: "IntoFrame",
    *,
    outcome: str,
    stated: Mapping[str, str],
    method: str = "lmg",
    weight: str | None = None,
    missing: str = "em",
    confidence: float = 0.95,
) -> ImportanceMap:
    """Set what people say matters beside what goes with their overall score.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    outcome : str
        Column of numbers, such as the overall score.
    stated : mapping
        Each predictor (a column of ratings) to the column that asks how much it matters.
    method, weight, missing, confidence
        As for `drivers`.

    Returns
    -------
    ImportanceMap
        Each with ``.across`` (mean stated importance), ``.importance`` and ``.cell``: "known
        driver" (both high), "hidden driver" (not said, and goes with the score), "said, not
        shown", "minor", or "cannot tell".

    Raises
    ------
    NoPredictors
        Fewer than two are named, of which none can be above the others.
    UnknownColumn, NotNumbers, NegativeWeights, NotSettled
        As for `drivers`.

    Notes
    -----
    Group-bys: those of `drivers`, and one more Gram of the stated columns. The lines are the
    means over the predictors; a point is on a side only if the interval of its distance from the
    line is. Means rest on rows that lack no stated answer.

    Behaviour: as for `drivers`; where intervals cannot be told, every cell is "cannot tell"; of a
    part whose answers are all equal neither limits nor cell can be told (its mean is still in the
    line of the others).

    Where it misleads: "said, not shown" is often a basic factor, whose loss would be felt (see
    `penalty_reward`); high and low are against the others asked, not against zero.

    References
    ----------
    Martilla, J. and James, J. (1977). Importance-performance analysis. Journal of Marketing
    41(1), 77-79.

    Examples
    --------
    >>> import polars as pl
    >>> food, staff = [1, 2, 3, 4, 5, 3, 2, 4] * 9, [1, 5, 2, 4, 3, 3, 1, 5, 2] * 8
    >>> overall = [f + 2 * s + (n % 7) / 2 for n, (f, s) in enumerate(zip(food, staff))]
    >>> frame = pl.DataFrame({"food": food, "staff": staff, "overall": overall})
    >>> place = pl.int_range(72)
    >>> frame = frame.with_columns(says_food=place % 2 + 4, says_staff=place % 3 % 2 + 2)
    >>> found = stated_and_revealed(
    ...     frame, outcome="overall", stated={"food": "says_food", "staff": "says_staff"}
    ... )
    >>> found["food"].cell, found["staff"].cell
    ('said, not shown', 'hidden driver')
    """
    revealed = drivers(
        frame,
        outcome=outcome,
        predictors=list(stated),
        method=method,
        weight=weight,
        missing=missing,
        confidence=confidence,
    )
    return _map(frame, revealed, stated, weight, "stated importance", STATED_CELLS)


def performance_and_importance(
    frame: "IntoFrame",
    *,
    outcome: str,
    predictors: Sequence[str],
    method: str = "lmg",
    weight: str | None = None,
    missing: str = "em",
    confidence: float = 0.95,
) -> ImportanceMap:
    """Set how well each part is done beside how much goes with it (importance-performance map).

    Parameters
    ----------
    frame, outcome, predictors, method, weight, missing, confidence
        As for `drivers`; the predictors are ratings on one scale.

    Returns
    -------
    ImportanceMap
        Each with ``.across`` (mean rating), ``.importance`` and ``.cell``: "improve first" (poor
        and important), "keep up", "possible overkill", "low priority", or "cannot tell".

    Raises
    ------
    NoPredictors, UnknownColumn, NotNumbers, NegativeWeights, NotSettled
        As for `stated_and_revealed`.

    Notes
    -----
    Group-bys, lines and behaviour: as for `stated_and_revealed`.

    Where it misleads: importance changes with performance where low and high answers weigh
    differently (`penalty_reward`); the lines are means of the parts asked, so that something is
    always below.

    References
    ----------
    Martilla, J. and James, J. (1977). Importance-performance analysis. Journal of Marketing
    41(1), 77-79.

    Examples
    --------
    >>> import polars as pl
    >>> food, staff = [1, 2, 3, 4, 5, 3, 2, 4] * 9, [1, 5, 2, 4, 3, 3, 1, 5, 2] * 8
    >>> overall = [f + 2 * s + (n % 7) / 2 for n, (f, s) in enumerate(zip(food, staff))]
    >>> frame = pl.DataFrame({"food": food, "staff": staff, "overall": overall})
    >>> found = performance_and_importance(frame, outcome="overall", predictors=["food", "staff"])
    >>> found["staff"].cell
    'cannot tell'
    """
    revealed = drivers(
        frame,
        outcome=outcome,
        predictors=predictors,
        method=method,
        weight=weight,
        missing=missing,
        confidence=confidence,
    )
    columns = {name: name for name in list_columns(predictors)}
    return _map(frame, revealed, columns, weight, "performance", PERFORMANCE_CELLS)


def _map(
    frame: "IntoFrame",
    revealed: Drivers,
    columns: Mapping[str, str],
    weight: str | None,
    kind: str,
    cells: Mapping[tuple[bool, bool], str],
) -> ImportanceMap:
    if len(columns) < 2:
        raise NoPredictors("a map needs two predictors or more")
    means, spread, answers = _find_means(frame, list(columns.values()), weight)
    points: dict[str, MapPoint] = {}
    quantile = find_quantile(revealed.confidence, None)
    if revealed.share and answers > 1:
        shares = np.array([revealed.share[name] for name in columns])
        sides = _find_sides(means, spread, quantile)
        heights = _find_sides(shares, np.array(revealed.covariance), quantile)
        errors = quantile * np.sqrt(np.maximum(np.diag(spread), 0.0))
        is_varied = errors > EQUAL * np.maximum(np.abs(means), 1e-300)
        for place, name in enumerate(columns):
            side, height = sides[place], heights[place]
            across = _about(means[place], errors[place] if is_varied[place] else None)
            importance = _height(revealed, name)
            is_told = side is not None and height is not None
            is_told = is_told and across.low is not None and importance.low is not None
            points[name] = MapPoint(
                name=name,
                across=across,
                importance=importance,
                cell=cells[bool(side), bool(height)] if is_told else CANNOT_TELL,
            )
    return ImportanceMap(
        kind=kind,
        points=points,
        crosshair=(float(means.mean()), float(shares.mean())) if points else (None, None),
        answers=answers,
        method=revealed.method,
        confidence=revealed.confidence,
    )


def _about(mean: float, margin: float | None) -> Estimate:
    if margin is None:
        return Estimate(mean, None, None)
    return Estimate(mean, mean - margin, mean + margin)


def _height(revealed: Drivers, name: str) -> Estimate:
    low, high = revealed.intervals[name]
    if low is None or high is None or high - low <= EQUAL:
        return Estimate(revealed.share[name], None, None)
    return Estimate(revealed.share[name], low, high)


def _find_means(
    frame: "IntoFrame", columns: Sequence[str], weight: str | None
) -> tuple[Floats, Floats, int]:
    """Return means and their covariance matrix, from rows that lack none of the columns."""
    table = gram(frame, columns=columns, weight=weight)
    kept = table.is_complete
    products = table.products[kept].sum(axis=0)
    total, squared = float(products[0, 0]), float(table.weights_squared[kept].sum())
    answers = round(float(table.answers[kept].sum()))
    if answers < 2:
        return np.full(len(columns), math.nan), np.zeros((len(columns),) * 2), answers
    middle = products[0, 1:] / total
    effective = total**2 / squared
    spread = (products[1:, 1:] / total - np.outer(middle, middle)) / max(effective - 1, 1.0)
    return middle + table.centre, spread, answers


def _find_sides(values: Floats, spread: Floats, quantile: float) -> list[bool | None]:
    """Say on which side of their mean the values are; None where that is not sure."""
    if spread.size == 0:
        return [None] * len(values)
    count = len(values)
    away = np.eye(count) - 1 / count
    distances = away @ values
    margins = quantile * np.sqrt(np.maximum(np.diag(away @ spread @ away.T), 0.0))
    return [
        bool(distance > 0) if abs(distance) > max(margin, 1e-12) else None
        for distance, margin in zip(distances.tolist(), margins.tolist(), strict=True)
    ]
