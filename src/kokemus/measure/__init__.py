"""Honest statistics of customer experience on any dataframe.

Every function takes a frame and column names, asks the frame's engine for sufficient statistics
in a bounded number of group-bys, and returns a frozen result: estimate, low, high, answers, method.
Beside each stands the same function from the sufficient statistic (`nps_from_histogram`).

A name is imported when it is first asked for, so that importing `measure` stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kokemus.measure import intervals
    from kokemus.measure._frame import NotNumbers, UnknownColumn
    from kokemus.measure._plots import MissingExtra
    from kokemus.measure.change import (
        UnknownPeriod,
        decompose_change,
        decompose_change_from_histograms,
        decompose_changes,
    )
    from kokemus.measure.compare import Incomparable, difference
    from kokemus.measure.histograms import NegativeWeights, OffScale, Tally
    from kokemus.measure.means import mean_from_histogram, mean_score
    from kokemus.measure.results import Estimate, Score, Scores
    from kokemus.measure.scores import (
        ces,
        ces_from_histogram,
        csat,
        csat_from_histogram,
        nps,
        nps_from_histogram,
    )
    from kokemus.measure.standardisation import UnlikePopulations, standardise
    from kokemus.measure.trends import (
        Change,
        ChangePoint,
        ChangePoints,
        Changes,
        ChartPoint,
        ControlChart,
        Ewma,
        EwmaPoint,
        NotDates,
        change_points,
        ewma,
        ewma_run_length,
        nps_chart,
        nps_chart_from_counts,
        share_chart,
        share_chart_from_counts,
        what_changed,
        what_changed_from_histograms,
        with_iso_week,
    )

_WHERE = {
    "_frame": ("NotNumbers", "UnknownColumn"),
    "_plots": ("MissingExtra",),
    "change": (
        "UnknownPeriod",
        "decompose_change",
        "decompose_change_from_histograms",
        "decompose_changes",
    ),
    "compare": ("Incomparable", "difference"),
    "histograms": ("NegativeWeights", "OffScale", "Tally"),
    "intervals": (),
    "means": ("mean_from_histogram", "mean_score"),
    "results": ("Estimate", "Score", "Scores"),
    "scores": (
        "ces",
        "ces_from_histogram",
        "csat",
        "csat_from_histogram",
        "nps",
        "nps_from_histogram",
    ),
    "standardisation": ("UnlikePopulations", "standardise"),
    "trends": (
        "Change",
        "ChangePoint",
        "ChangePoints",
        "Changes",
        "ChartPoint",
        "ControlChart",
        "Ewma",
        "EwmaPoint",
        "NotDates",
        "change_points",
        "ewma",
        "ewma_run_length",
        "nps_chart",
        "nps_chart_from_counts",
        "share_chart",
        "share_chart_from_counts",
        "what_changed",
        "what_changed_from_histograms",
        "with_iso_week",
    ),
}
_MODULE_OF = {name: module for module, names in _WHERE.items() for name in names}

__all__ = [
    "Change",
    "ChangePoint",
    "ChangePoints",
    "Changes",
    "ChartPoint",
    "ControlChart",
    "Estimate",
    "Ewma",
    "EwmaPoint",
    "Incomparable",
    "MissingExtra",
    "NegativeWeights",
    "NotDates",
    "NotNumbers",
    "OffScale",
    "Score",
    "Scores",
    "Tally",
    "UnknownColumn",
    "UnknownPeriod",
    "UnlikePopulations",
    "ces",
    "ces_from_histogram",
    "change_points",
    "csat",
    "csat_from_histogram",
    "decompose_change",
    "decompose_change_from_histograms",
    "decompose_changes",
    "difference",
    "ewma",
    "ewma_run_length",
    "intervals",
    "mean_from_histogram",
    "mean_score",
    "nps",
    "nps_chart",
    "nps_chart_from_counts",
    "nps_from_histogram",
    "share_chart",
    "share_chart_from_counts",
    "standardise",
    "what_changed",
    "what_changed_from_histograms",
    "with_iso_week",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for; its type is in the imports above."""
    if name in _MODULE_OF:
        found = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = found
        return found
    if name in _WHERE:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
