"""The only place where `measure` reads dataframes, whatever their kind, through Narwhals.

Narwhals itself is imported when the first frame comes: who works on histograms does not wait.
"""

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.calendar import NotDates
from kokemus.measure._frame.categories import OrderUnclear
from kokemus.measure._frame.clustering import ClusterTable, sum_clusters
from kokemus.measure._frame.grams import GramTable, gram
from kokemus.measure._frame.opening import (
    Frame,
    IntoFrame,
    NotAFrame,
    NotFinite,
    NotNumbers,
    PatternName,
    RepeatedColumns,
    UnknownColumn,
    list_columns,
    nearest_names,
    number,
    open_frame,
    refuse_infinite,
    wrap_frame,
)
from kokemus.measure._frame.pairing import count_pairs
from kokemus.measure._frame.periods import PERIOD, add_period, period_start
from kokemus.measure._frame.tallying import histogram, tally_classes, tally_values
from kokemus.measure._frame.weighing import FarWeights, tally_cells, tally_scaled_cells, weigh

__all__ = [
    "PERIOD",
    "ClusterTable",
    "FarWeights",
    "Frame",
    "GramTable",
    "IntoFrame",
    "NotAFrame",
    "NotDates",
    "NotFinite",
    "NotNumbers",
    "OrderUnclear",
    "PatternName",
    "RepeatedColumns",
    "Table",
    "UnknownColumn",
    "add_period",
    "aggregate",
    "count_pairs",
    "gram",
    "histogram",
    "list_columns",
    "nearest_names",
    "number",
    "open_frame",
    "period_start",
    "refuse_infinite",
    "sum_clusters",
    "tally_cells",
    "tally_classes",
    "tally_scaled_cells",
    "tally_values",
    "weigh",
    "wrap_frame",
]
