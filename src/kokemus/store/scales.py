"""The scales an answer can be given on: their bounds, and what counts as a failure. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`low` and `high` are the ends; a score at or below `failure` opens a case by default."""

    code: str
    low: int
    high: int
    failure: int

    def holds(self, score: int) -> bool:
        return self.low <= score <= self.high


SCALES = {
    scale.code: scale
    for scale in (
        Scale("nps", 0, 10, 6),
        Scale("csat", 1, 5, 2),
        Scale("ces", 1, 7, 3),
        Scale("stars", 1, 5, 2),
        Scale("thumbs", 0, 1, 0),
    )
}
