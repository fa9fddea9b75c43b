"""Sufficient statistics from the frame's engine: the same on every kind."""

import math

import narwhals as nw
import numpy as np
import pytest
from tests.measure.conftest import as_polars

from kokemus.measure import NegativeWeights, NotNumbers, UnknownColumn
from kokemus.measure._frame import aggregate, gram, number, open_frame

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
