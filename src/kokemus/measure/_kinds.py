"""Which score is meant: what an answer is worth, how a group is scored, what limits it has."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kokemus.measure._scoring import (
    DETRACTOR_MAX,
    NPS_SCALE,
    PROMOTER_MIN,
    Scale,
    score_mean,
    score_nps,
    score_share,
)
from kokemus.measure.histograms import Floats, HistogramTable
from kokemus.measure.results import Score

KINDS = ("nps", "csat", "mean")
CSAT_SCALE = (1.0, 5.0)


@dataclass(frozen=True)
class Kind:
    """A score that is the mean of what each answer is worth."""

    word: str
    name: str
    unit: str
    scale: Scale | None
    box: int

    @property
    def worst(self) -> float | None:
        """The least that an answer can be worth; None where the scale is not known."""
        ends = {"nps": -100.0, "csat": 0.0, "mean": self.scale[0] if self.scale else None}
        return ends[self.word]

    @property
    def best(self) -> float | None:
        ends = {"nps": 100.0, "csat": 100.0, "mean": self.scale[1] if self.scale else None}
        return ends[self.word]

    def check(self, table: HistogramTable) -> None:
        if self.scale:
            table.check_scale(*self.scale, is_whole=self.word != "mean")

    def worth(self, values: NDArray[Any]) -> Floats:
        """Return each answer's worth in the score's unit; the score is the mean of them."""
        if self.word == "nps":
            return 100.0 * (_flag(values >= PROMOTER_MIN) - _flag(values <= DETRACTOR_MAX))
        if self.word == "csat":
            assert self.scale is not None
            return 100.0 * _flag(values > self.scale[1] - self.box)
        return np.asarray(values, np.float64)

    def score(self, table: HistogramTable, confidence: float) -> tuple[Score, ...]:
        """Score every group of the table by the kind's default method."""
        if self.word == "nps":
            return score_nps(table, confidence=confidence, method="score")
        if self.word == "csat":
            assert self.scale is not None
            return score_share(
                table,
                self.name,
                scale=self.scale,
                box=self.box,
                confidence=confidence,
                method="wilson",
            )
        return score_mean(table, self.name, scale=self.scale, confidence=confidence)


def _flag(condition: NDArray[np.bool_]) -> Floats:
    return condition.astype(np.float64)


def read_kind(kind: str, *, scale: Scale | None, box: int) -> Kind:
    """Make the kind of its word: "nps", "csat" (share of the top boxes) or "mean"."""
    if kind == "nps":
        return Kind("nps", "NPS", "points", NPS_SCALE, 0)
    if kind == "csat":
        low, high = scale or CSAT_SCALE
        if not 0 < box <= high - low:
            raise ValueError(f"box must be 1 to {high - low:g} on a scale {low:g} to {high:g}")
        return Kind("csat", "CSAT", "percent", (low, high), box)
    if kind == "mean":
        return Kind("mean", "mean", "scale", scale, 0)
    raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
