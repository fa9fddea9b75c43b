"""The columns of a linear model: numbers as they are, words as a dummy per level but the first."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure._frame.aggregating import aggregate
from kokemus.measure._frame.opening import (
    Frame,
    IntoFrame,
    find_categories,
    list_columns,
    number,
    open_frame,
    refuse_infinite,
    wrap_frame,
)
from kokemus.measure._frame.scaling import read_weight
from kokemus.measure.histograms import Floats

if TYPE_CHECKING:
    import narwhals as nw


@dataclass(frozen=True)
class Design:
    """A frame with the model's columns, named for the model.

    `columns` has for each player the names of its columns, and `outcome`, `weight` and `cluster`
    the names in the frame; `levels` has the levels of each factor, the reference first.
    """

    frame: Frame
    columns: dict[str, list[str]]
    outcome: str
    weight: str | None
    cluster: list[str]
    levels: dict[str, tuple[Hashable, ...]]

    @property
    def names(self) -> list[str]:
        """The predictors' columns in order, and then the outcome."""
        return [*(name for columns in self.columns.values() for name in columns), self.outcome]


def design(
    frame: "IntoFrame | Frame",
    *,
    outcome: str,
    players: Mapping[str, Sequence[str]],
    categorical: Sequence[str] = (),
    weight: str | None = None,
    cluster: Sequence[str] = (),
) -> Design:
    """Lay out the model's columns; each column of words takes one group-by for its levels."""
    import narwhals as nw

    predictors = [column for columns in players.values() for column in columns]
    opened = open_frame(
        frame, numbers=[outcome, *filter(None, [weight])], keys=[*predictors, *cluster]
    )
    schema = opened.collect_schema()
    words = (nw.String, nw.Categorical, nw.Enum)
    categorical = [*list_columns(categorical), *find_categories(frame, predictors)]
    factors = [
        name for name in predictors if isinstance(schema[name], words) or name in categorical
    ]
    wrap_frame(opened, numbers=[name for name in predictors if name not in factors])
    refuse_infinite(opened, [name for name in predictors if name not in factors])
    chosen = {f"cluster_{place}": nw.col(key) for place, key in enumerate(cluster)}
    levels: dict[str, tuple[Hashable, ...]] = {}
    columns: dict[str, list[str]] = {player: [] for player in players}
    for player, members in players.items():
        for member in members:
            made = {member: number(member)}
            if member in factors:
                levels[member] = _find_levels(opened, member)
                made = _list_dummies(member, levels[member], schema[member])
            for name, expression in made.items():
                columns[player].append(f"x_{len(chosen)} {name}")
                chosen[columns[player][-1]] = expression
    chosen["outcome"] = number(outcome)
    if weight is not None:
        chosen["weight"] = read_weight(opened, weight)
    return Design(
        frame=opened.with_columns(**chosen).select(*chosen),
        columns=columns,
        outcome="outcome",
        weight=None if weight is None else "weight",
        cluster=[name for name in chosen if name.startswith("cluster_")],
        levels=levels,
    )


def _find_levels(frame: Frame, column: str) -> tuple[Hashable, ...]:
    import narwhals as nw

    if isinstance(frame.collect_schema()[column], nw.Categorical | nw.Enum):
        frame = frame.with_columns(nw.col(column).cast(nw.String))
    table = aggregate(frame, keys=[column], sums={"rows": nw.lit(1.0)})
    return tuple(level for level in table.levels[0] if level is not None)


def _list_dummies(
    column: str, levels: Sequence[Hashable], kind: "nw.dtypes.DType"
) -> dict[str, "nw.Expr"]:
    """Make a column of 0 and 1 per level but the first; missing where the factor is."""
    import narwhals as nw

    read = nw.col(column)
    if isinstance(kind, nw.Categorical | nw.Enum):
        read = read.cast(nw.String)
    elif kind.is_numeric() or kind == nw.Boolean:
        read = number(column)
    dummies: dict[str, nw.Expr] = {}
    for level in levels[1:]:
        value: Any = float(level) if isinstance(level, bool | int | float) else level
        is_level = nw.when(read == nw.lit(value)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
        dummies[f"{column}={level}"] = nw.when(~read.is_null()).then(is_level)
    return dummies


def sum_forms(
    built: Design,
    *,
    middle: Floats,
    quadratic: Floats,
    linear: Floats,
    constant: Floats,
) -> tuple[Floats, float]:
    """Sum the products of quadratic forms over the rows that lack nothing, by one select.

    With u the row's columns less `middle`, form d is u' quadratic[d] u + linear[d] u +
    constant[d], times the row's weight. Returns the forms' cross-products, a square matrix.
    """
    import narwhals as nw

    size, forms = len(middle), len(quadratic)
    shifted = {
        f"u_{place}": nw.col(name) - float(centre)
        for place, (name, centre) in enumerate(zip(built.names, middle, strict=True))
    }
    w = nw.lit(1.0)
    if built.weight is not None:
        read = nw.col(built.weight)
        w = nw.when(read > nw.lit(0.0)).then(read).otherwise(nw.lit(0.0))
    u = [nw.col(name) for name in shifted]
    values = {}
    for form in range(forms):
        total = nw.lit(float(constant[form]))
        for a in range(size):
            inner = nw.lit(float(linear[form, a]))
            for b in range(a, size):
                both = quadratic[form, a, b] + (quadratic[form, b, a] if b > a else 0.0)
                inner = inner + u[b] * float(both)
            total = total + u[a] * inner
        values[f"f_{form}"] = total * nw.col("w")
    rows = built.frame.with_columns(w=w, **shifted).select("w", *shifted)
    rows = rows.with_columns(**values).select(*values)
    pairs = [(a, b) for a in range(forms) for b in range(a, forms)]
    sums = {f"{a},{b}": nw.col(f"f_{a}") * nw.col(f"f_{b}") for a, b in pairs}
    square = nw.col(f"f_{forms - 1}") * nw.col(f"f_{forms - 1}")
    sums["fourth"] = square * square
    table = aggregate(rows, sums=sums)
    products = np.zeros((forms, forms))
    for a, b in pairs:
        products[a, b] = products[b, a] = table.numbers[f"{a},{b}"][0]
    return products, float(table.numbers["fourth"][0])
