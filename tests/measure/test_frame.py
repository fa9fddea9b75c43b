"""Sufficient statistics from the frame's engine: the same on every kind."""

import datetime
import math

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from tests.measure.conftest import as_polars

from kokemus import measure
from kokemus.measure import NegativeWeights, NotNumbers, UnknownColumn
from kokemus.measure._frame import aggregate, gram, number, open_frame

UTC = datetime.UTC
NAN = math.nan
ROWS = {
    "x": [1.0, 2.0, NAN, 4.0, None, 6.0],
    "y": [2, 4, 6, None, 10, 13],
    "shop": ["b", "a", None, "a", "b", "a"],
    "week": [2.0, 10.0, NAN, 10.0, 2.0, None],
    "is_open": [True, False, True, None, True, True],
    "weight": [1.0, 2.0, 1.0, 1.0, 1.0, 0.0],
}


def test_sums_by_group(make_frame) -> None:
    frame = make_frame(ROWS)
    product = number("x") * number("y")
    found = aggregate(
        frame,
        keys=["shop", "week"],
        sums={
            "rows": nw.lit(1),
            "x": number("x"),
            "product": product,
            "open": number("is_open"),
        },
        counts={"high": number("y") > 3},
        known={"with y": number("y")},
        rows="all",
    )
    assert found.keys == [("a", 10.0), ("a", None), ("b", 2.0), (None, None)]
    assert {name: numbers.tolist() for name, numbers in found.numbers.items()} == {
        "rows": [2.0, 1.0, 2.0, 1.0],
        "x": [6.0, 6.0, 1.0, 0.0],
        "product": [8.0, 78.0, 2.0, 0.0],
        "open": [0.0, 1.0, 2.0, 1.0],
        "high": [1.0, 1.0, 1.0, 1.0],
        "with y": [1.0, 1.0, 2.0, 1.0],
        "all": [2.0, 1.0, 2.0, 1.0],
    }
    whole = aggregate(frame, sums={"x": number("x")}, rows="rows")
    assert (whole.keys, whole.numbers["rows"].tolist(), whole.numbers["x"].tolist()) == (
        [()],
        [6.0],
        [13.0],
    )


def test_cross_products_by_pattern_and_group(make_frame) -> None:
    frame = make_frame(ROWS)
    found = gram(frame, columns=["x", "y"], weight="weight")
    assert found.is_present.tolist() == [[True, True], [False, True], [True, False]]
    assert (found.answers.tolist(), found.weights.tolist(), found.weights_squared.tolist()) == (
        [2.0, 2.0, 1.0],
        [3.0, 2.0, 1.0],
        [5.0, 2.0, 1.0],
    )
    rows = np.array([[1, 1, 2], [1, 2, 4]]) - np.array([0, *found.centre])
    expected = rows.T @ np.diag([1, 2]) @ rows
    np.testing.assert_allclose(found.products[0], expected, rtol=1e-12, atol=1e-12)
    assert found.products[1:, 0, 0].tolist() == [2.0, 1.0]
    assert found.products[1, 1].tolist() == [0.0, 0.0, 0.0]
    by_shop = gram(frame, columns=["y"], by="shop")
    assert by_shop.groups == ["a", "a", "b", None]
    assert by_shop.is_present[:, 0].tolist() == [True, False, True, True]
    sums = by_shop.products[:, 0, 1] + by_shop.centre[0] * by_shop.products[:, 0, 0]
    np.testing.assert_allclose(sums[[0, 2, 3]], [17, 12, 6])


@pytest.mark.parametrize("gap", [[], [None]])
def test_cross_products_keep_their_digits_far_from_zero(gap) -> None:
    chance = np.random.default_rng(1)
    values = 2e9 + chance.normal(size=(50, 3))
    columns = {f"c{j}": [*values[:, j].tolist(), *gap] for j in range(3)}
    found = gram(as_polars(columns), columns=list(columns))
    n, sums, squares = (found.products[0][at] for at in [(0, 0), (0, slice(1, 4)), np.s_[1:, 1:]])
    covariance = (squares - np.outer(sums, sums) / n) / (n - 1)
    np.testing.assert_allclose(covariance, np.cov(values.T), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(found.centre + sums / n, values.mean(0), rtol=1e-15)


def test_a_frame_without_rows() -> None:
    empty = as_polars({"x": [1.0], "shop": ["a"]}).head(0)
    assert aggregate(empty, keys=["shop"], sums={"x": number("x")}).keys == []
    assert aggregate(empty, sums={"x": number("x")}).numbers["x"].tolist() == [0.0]
    for by in (None, "shop"):
        assert gram(empty, columns=["x"], by=by).groups == []


def test_what_a_frame_cannot_give_is_said() -> None:
    frame = as_polars(ROWS)
    with pytest.raises(UnknownColumn, match="no column 'shp'; the nearest: shop"):
        aggregate(frame, keys=["shp"], sums={})
    with pytest.raises(NotNumbers, match="column 'shop' must hold numbers, and holds String"):
        open_frame(frame, numbers=["shop"])
    with pytest.raises(NegativeWeights, match="column 'x' has negative numbers"):
        gram(as_polars({"x": [-1.0]}), columns=["x"], weight="x")
    with pytest.raises(ValueError, match="need a column"):
        gram(frame, columns=[])


def test_many_groups_of_many_columns_are_numbered_in_order() -> None:
    size = 3000
    chance = np.random.default_rng(2)
    keys = {name: chance.permutation(size).tolist() for name in "abc"}
    found = aggregate(as_polars({**keys, "x": [1.0] * size}), keys="abc", sums={"x": number("x")})
    assert found.keys == sorted(zip(*keys.values(), strict=True))


def test_infinity_is_refused_by_name_and_count(make_frame) -> None:
    rows = {"y": [5.0, 6.0, 8.0, 9.0], "w": [1.0, 2.0, math.inf, NAN], "s": [1, 1, 2, 2]}
    rows |= {"x": [math.inf, 1.0, None, -math.inf], "b": [1, 0, 1, 0]}
    frame = make_frame(rows)
    with pytest.raises(measure.NotFinite, match="column 'x' has infinite numbers in 2 rows"):
        measure.mean_score(frame, "x")
    with pytest.raises(measure.NotFinite, match="column 'w' has infinite numbers in 1 row"):
        measure.nps(frame, "y", weight="w")
    with pytest.raises(measure.NotFinite, match="column 'x' has infinite numbers in 2 rows"):
        gram(frame, columns=["y", "x"])
    with pytest.raises(measure.NotFinite, match="column 'w' has infinite numbers in 1 row"):
        gram(frame, columns=["y", "b"], weight="w")
    with pytest.raises(measure.NotFinite, match="column 'x' has infinite numbers in 2 rows"):
        measure.attribution(frame, factors=["s"], covariates="x")


def test_a_period_is_that_of_the_clock_on_the_wall() -> None:
    import pandas as pd
    import polars as pl

    hours = ["2024-12-31 23:30", "2025-01-01 00:30", "2025-01-05 23:30", "2025-01-06 00:30"]
    when = pd.Series(pd.to_datetime(hours)).dt.tz_localize("Europe/Helsinki")
    frame = pd.DataFrame({"score": [9, 10, 3, 3], "when": when})
    expected = {
        "day": [("2024-12-31", 1), ("2025-01-01", 1), ("2025-01-05", 1), ("2025-01-06", 1)],
        "week": [("2024-12-30", 3), ("2025-01-06", 1)],
        "month": [("2024-12-01", 1), ("2025-01-01", 3)],
        "quarter": [("2024-10-01", 1), ("2025-01-01", 3)],
        "year": [("2024-01-01", 1), ("2025-01-01", 3)],
    }
    for kind in (frame, pl.from_pandas(frame), pl.from_pandas(frame).to_arrow()):
        for every, counts in expected.items():
            found = measure.nps(kind, time="when", every=every)
            assert [(score.group.isoformat(), score.answers) for score in found] == counts


@pytest.mark.parametrize(
    "values",
    [
        [10, 2, None],
        [True, False, None],
        [2.5, 10.0, None],
        ["b", "a", None],
        [
            datetime.datetime(2025, 1, 1, tzinfo=UTC),
            datetime.datetime(2024, 1, 1, tzinfo=UTC),
            None,
        ],
    ],
)
def test_categories_are_what_they_stand_for(values) -> None:
    import pandas as pd

    frame = pd.DataFrame({"score": [9, 3, 9], "k": pd.Categorical(values)})
    frames = [frame] if isinstance(values[0], bool) else [frame, as_arrow(frame)]
    for kind in frames:
        groups = [score.group for score in measure.nps(kind, by="k")]
        assert groups == [*sorted(values[:2]), None]
        assert type(groups[0]) in {type(values[0]), pd.Timestamp}


def as_arrow(frame):
    import pyarrow

    return pyarrow.Table.from_pandas(frame)


def test_categories_of_numbers_are_dummies_and_classes() -> None:
    import pandas as pd

    chance = np.random.default_rng(1)
    level = chance.integers(1, 4, 300)
    frame = pd.DataFrame({"y": chance.normal(size=300), "s": chance.integers(0, 9, 300)})
    frame = frame.assign(k=level.astype(str), x=chance.normal(size=300))
    coded = frame.assign(k=pd.Categorical(level), s=pd.Categorical(frame["s"]))
    for part in (frame, coded):
        found = measure.attribution(part, factors=["s"], covariates=["k"])
        assert list(found.coefficients) == ["(Intercept)", "k=2", "k=3"]
        assert list(found.effects["s"]) == list(range(9))
    shares = [
        measure.drivers(part, outcome="y", predictors=["k", "x"]).share for part in (frame, coded)
    ]
    assert shares[0] == pytest.approx(shares[1], abs=1e-12)


def test_a_declared_order_is_kept() -> None:
    import duckdb
    import pandas as pd
    import polars as pl

    words = ["low", "mid", "high"]
    plain = pl.DataFrame({"score": [9, 3, 9, 1], "k": ["high", "mid", "low", None]})
    polars = plain.with_columns(pl.col("k").cast(pl.Enum(words)))
    ordered = pd.CategoricalDtype(words, ordered=True)
    pandas = pd.DataFrame(plain.to_dict(as_series=False)).astype({"k": ordered})
    table = plain.to_arrow()
    sql = "SELECT score, k::ENUM('low', 'mid', 'high') AS k FROM asked"
    duck = duckdb.from_arrow(table).query("asked", sql)
    for frame in (polars, polars.lazy(), pandas, duck):
        for weight in (None, "score"):
            found = measure.nps(frame, by="k", weight=weight)
            assert [score.group for score in found] == [*words, None]
    cut = pandas.assign(k=pd.cut(pandas["score"], [0, 2, 4, 10]))
    assert [score.group for score in measure.nps(cut, by="k")] == ["(0, 2]", "(2, 4]", "(4, 10]"]


def test_time_goes_by_its_declared_order_or_is_refused() -> None:
    import pandas as pd
    import polars as pl

    chance = np.random.default_rng(4)
    rows = {"x": chance.normal(size=40), "y": chance.normal(size=40), "t": range(40)}
    frame = pd.DataFrame(rows)
    expected = measure.granger(frame, order=1).f
    words = [f"p{place}" for place in range(40)]
    named = pd.Categorical(words, categories=words, ordered=True)
    enum = pl.Series(words, dtype=pl.Enum(words))
    for kind in (
        frame.assign(t=pd.Categorical(frame["t"])),
        frame.assign(t=named).sample(frac=1, random_state=1),
        pl.from_pandas(frame).with_columns(t=enum).sample(fraction=1, shuffle=True, seed=1),
    ):
        assert measure.granger(kind, order=1).f == pytest.approx(expected, rel=1e-9)
    backwards = pd.Categorical(frame["t"], categories=range(39, -1, -1), ordered=True)
    for kind in (frame.assign(t=backwards), as_arrow(frame.assign(t=named))):
        with pytest.raises(measure.OrderUnclear, match="column 't' declares an order"):
            measure.granger(kind, order=1)


def test_a_journey_goes_by_the_declared_order_of_its_steps() -> None:
    import pandas as pd
    import polars as pl

    steps = ["open", "choose", "buy"]
    rows = {"journey": [1, 1, 1], "order": ["buy", "open", "choose"], "touchpoint": ["c", "a", "b"]}
    ordered = pd.CategoricalDtype(steps, ordered=True)
    polars = pl.DataFrame(rows).with_columns(pl.col("order").cast(pl.Enum(steps)))
    for frame in (polars, pd.DataFrame(rows).astype({"order": ordered})):
        found = measure.paths(frame, journey="journey", order="order", touchpoint="touchpoint")
        steps_taken = {(step.before, step.after) for step in found.steps}
        assert steps_taken == {(None, "a"), ("a", "b"), ("b", "c"), ("c", None)}


def test_a_pandas_column_without_any_value_is_all_missing() -> None:
    import pandas as pd

    found = measure.nps(pd.DataFrame({"score": [None, None], "k": [None, None]}), by="k")
    assert [(score.group, score.answers, score.missing) for score in found] == [(None, 0, 2)]


def test_an_eager_frame_stays_eager_and_keeps_its_columns() -> None:
    import pandas as pd
    import polars as pl

    day = datetime.date(2024, 1, 1)
    assert measure.with_iso_week(pl.DataFrame({"date": [day]}))["week"].to_list() == ["2024-W01"]
    lazy = measure.with_iso_week(pl.LazyFrame({"date": [day]}))
    assert isinstance(lazy, pl.LazyFrame)
    frame = pd.DataFrame({"k": pd.Categorical([1, 2, 2])}, index=[7, 7, 8])
    weights = measure.rake(frame, margins={"k": {1: 0.5, 2: 0.5}})
    weighed = measure.add_weights(frame, weights)
    assert weighed["k"].dtype == "category"
    assert weighed["weight"].tolist() == pytest.approx([0.5, 0.25, 0.25])


def test_what_is_no_frame_is_said() -> None:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    with pytest.raises(measure.NotAFrame, match="this is a polars Series"):
        measure.nps(pl.Series([9, 10]))
    with pytest.raises(measure.NotAFrame, match="this is a builtins list"):
        measure.nps([9, 10])
    twice = [pd.DataFrame([[9, 1, 1]], columns=["score", "a", "a"])]
    twice.append(pa.table([[9], [1], [1]], names=["score", "a", "a"]))
    for frame in twice:
        with pytest.raises(measure.RepeatedColumns, match="'a' occurs more than once"):
            measure.nps(frame)


@pytest.mark.parametrize("name", ["*", "^s.*$"])
def test_a_name_that_engines_read_as_a_pattern_is_refused(make_frame, name) -> None:
    frame = make_frame({name: [9, 10, 3, 8], "score": [9, 10, 3, 8], "group": [1, 1, 2, 2]})

    assert measure.nps(frame, by="group")[0].answers == 2
    for use in ({"score": name}, {"by": name}, {"by": ["group", name]}, {"weight": name}):
        with pytest.raises(measure.PatternName, match="reads as a pattern of names; rename"):
            measure.nps(frame, **use)
    with pytest.raises(measure.PatternName):
        measure.mean_score(frame, cluster=name)
    with pytest.raises(measure.PatternName):
        measure.drivers(frame, "score", [name])
    with pytest.raises(measure.UnknownColumn):
        measure.nps(make_frame({"score": [9]}), by=name)


def test_a_single_name_is_a_list_of_one_column() -> None:
    chance = np.random.default_rng(2)
    rows = {"y": chance.normal(size=50), "age": chance.normal(size=50), "s": [1, 2, 3, 4, 5] * 10}
    frame = as_polars(rows)
    for one, several in (("age", ["age"]), ("s", ["s"])):
        alone = measure.drivers(frame, outcome="y", predictors=one, categorical="s")
        assert alone == measure.drivers(frame, outcome="y", predictors=several, categorical=["s"])
    assert list(measure.attribution(frame, factors=["s"], covariates="age").coefficients) == [
        "(Intercept)",
        "age",
    ]


def test_a_predictor_without_answers_is_named() -> None:
    frame = as_polars({"y": [1.0, 2.0, 4.0], "a": [1.0, 3.0, 2.0], "empty": [None, NAN, None]})
    with pytest.raises(measure.NotSettled, match="'empty' is never answered; leave it out"):
        measure.drivers(frame, outcome="y", predictors=["a", "empty"], missing="em")


def test_an_estimate_holds_plain_numbers() -> None:
    found = measure.Estimate(np.float64(1.5), -0.0, None)
    assert repr(found) == "Estimate(estimate=1.5, low=0.0, high=None)"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pl.Int8, [127, -128, 0, -128, 127]),
        (pl.UInt64, [2**64 - 1, 2**64 - 3, 2**64 - 1]),
        (pl.Int64, [-(2**63), 2**63 - 1, -(2**63)]),
        (pl.Int16, list(range(-300, 300)) * 2),
    ],
)
def test_whole_numbers_as_keys_come_in_order_at_the_ends_of_their_kind(
    kind: type[pl.DataType], values: list[int]
) -> None:
    frame = pl.DataFrame({"key": pl.Series(values, dtype=kind)})
    found = aggregate(frame, keys=["key"], sums={}, rows="n")
    assert [key for (key,) in found.keys] == sorted(set(values))
    assert found.numbers["n"].tolist() == [values.count(key) for key in sorted(set(values))]
    loose = aggregate(frame, keys=["key"], sums={}, rows="n", is_sorted=False)
    assert sorted(loose.keys) == found.keys
