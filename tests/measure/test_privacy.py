"""Small groups stay hidden, also from who subtracts."""

import json
import math
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kokemus.measure import UnknownColumn
from kokemus.measure.privacy import (
    TOTAL,
    ImpossibleTable,
    Ledger,
    WouldReveal,
    find_ranges,
    is_safe_to_show,
    open_ledger,
    suppress,
    suppress_small_cells,
)

NAN = math.nan


def attack(shown):
    """Work out each hidden cell from a table as shown, apart from the package's own auditor.

    Unknowns are the inner cells alone; each margin that is shown is an equation of them.
    """
    inner = [key for key in shown if TOTAL not in key]
    place = {key: number for number, key in enumerate(inner)}
    rows, values = [], []
    for key, count in shown.items():
        if count is not None:
            rows.append([fits(key, each) for each in inner])
            values.append(count)
    ranges = {}
    for key, count in shown.items():
        if count is None:
            goal = np.array([fits(key, each) for each in inner], float)
            limits = []
            for side in (1, -1):
                found = linprog(
                    side * goal, A_eq=rows or None, b_eq=values or None, bounds=(0, 10_000)
                )
                limits.append(side * found.fun)
            ranges[key] = tuple(limits)
    assert len(place) == len(inner)
    return ranges


def fits(key, cell) -> float:
    return float(all(part in (TOTAL, own) for part, own in zip(key, cell, strict=True)))


def tables(ways):
    sizes = st.tuples(*[st.integers(1, 4 if ways < 3 else 3)] * ways)
    return sizes.flatmap(
        lambda shape: st.lists(
            st.one_of(st.integers(0, 6), st.integers(0, 60)),
            min_size=math.prod(shape),
            max_size=math.prod(shape),
        ).map(lambda counts: dict(zip(product(*map(range, shape)), counts, strict=True)))
    )


@pytest.mark.slow
@settings(max_examples=40)
@given(st.one_of(tables(1), tables(2)), st.integers(2, 8))
def test_no_hidden_cell_can_be_worked_out(table, minimum) -> None:
    safe = suppress(table, minimum=minimum)
    assert all(count is None or count == 0 or count >= minimum for count in safe.cells.values())
    for low, high in attack(safe.cells).values():
        assert high - low >= minimum - 1e-6


@pytest.mark.slow
@settings(max_examples=8)
@given(tables(3))
def test_no_hidden_cell_of_three_columns_can_be_worked_out(table) -> None:
    safe = suppress(table)
    assert all(count is None or count == 0 or count >= 5 for count in safe.cells.values())
    for low, high in safe.ranges.values():
        assert high is None or high - low >= 5
    for low, high in attack(safe.cells).values():
        assert high - low >= 5 - 1e-6


@pytest.mark.slow
@settings(max_examples=25)
@given(tables(2))
def test_what_is_shown_is_true(table) -> None:
    safe = suppress(table)
    for key, count in safe.cells.items():
        if count is not None:
            assert count == sum(n for cell, n in table.items() if fits(key, cell))


@pytest.mark.slow
@settings(max_examples=25)
@given(tables(2))
def test_the_auditor_finds_what_an_attacker_finds(table) -> None:
    shown = suppress(table).cells
    primary = {
        key: None if TOTAL not in key and count is not None and count % 3 == 1 else count
        for key, count in shown.items()
    }
    expected = attack(primary)
    for key, (low, high) in find_ranges(primary).items():
        assert low == pytest.approx(expected[key][0], abs=1e-6)
        if high is not None:
            assert high == pytest.approx(expected[key][1], abs=1e-6)
        else:
            assert expected[key][1] >= 5_000


def test_hiding_the_small_cells_alone_is_not_enough() -> None:
    """The total gives a single hidden cell away; the auditor sees it, and one more is hidden."""
    assert find_ranges({"a": None, "b": 20, "c": 30, TOTAL: 53}) == {"a": (3, 3)}
    safe = suppress({"a": 3, "b": 20, "c": 30})
    assert safe.cells == {"a": None, "b": None, "c": 30, TOTAL: 53}
    assert safe.ranges == {"a": (0, 23), "b": (0, 23)}


def test_two_small_cells_that_are_few_together_take_a_third() -> None:
    """2 and 1 hidden would leave a known group of three."""
    safe = suppress({"a": 2, "b": 1, "c": 30, "d": 9})
    assert safe.hidden == ("a", "b", "d")


def test_a_table_of_two_columns_is_hidden_in_a_square() -> None:
    table = {("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40}
    table |= {("c", "x"): 9, ("c", "y"): 12}
    safe = suppress(table)
    assert safe.hidden == (("a", "x"), ("a", "y"), ("c", "x"), ("c", "y"))
    assert safe.cells[TOTAL, TOTAL] == 113


def test_more_is_not_hidden_than_needed() -> None:
    random = np.random.default_rng(0)
    counts = random.negative_binomial(1.2, 1.2 / 9.2, (10, 6))
    safe = suppress({key: int(count) for key, count in np.ndenumerate(counts)})
    small = int(((counts > 0) & (counts < 5)).sum())
    assert small <= len(safe.hidden) <= 1.5 * small


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ({}, {TOTAL: 0}),
        ({"a": 1}, {"a": None, TOTAL: None}),
        ({"a": 0, "b": 7}, {"a": 0, "b": 7, TOTAL: 7}),
        ({"a": 8, "b": 7}, {"a": 8, "b": 7, TOTAL: 15}),
        ({"a": 3, "b": 2}, {"a": None, "b": None, TOTAL: 5}),
    ],
)
def test_small_tables(table, cells) -> None:
    assert suppress(table).cells == cells


@pytest.mark.parametrize(
    "call",
    [
        lambda: suppress({"a": -1}),
        lambda: suppress({"a": 1.5}),
        lambda: suppress({"a": 1, ("b", "c"): 2}),
        lambda: suppress({("a",): 1, ("b", "c"): 2}),
        lambda: suppress({TOTAL: 3}),
        lambda: find_ranges({"a": None, "b": 3}),
        lambda: find_ranges({"a": None, "b": 30, TOTAL: 3}),
        lambda: find_ranges({"a": 4, "b": 30, TOTAL: 3}),
    ],
)
def test_what_is_no_table_is_refused(call) -> None:
    with pytest.raises(ImpossibleTable):
        call()


@pytest.mark.parametrize("options", [{"minimum": 1}, {"protection": 0}])
def test_options_out_of_range_are_refused(options) -> None:
    with pytest.raises(ValueError):
        suppress({"a": 9}, **options)


def test_a_safe_table_tells_nothing_of_what_it_hides() -> None:
    """Two tables that a reader cannot tell apart give the same result."""
    assert suppress({"a": 3, "b": 4, "c": 30}) == suppress({"a": 4, "b": 3, "c": 30})
    assert "3" not in str(suppress({"a": 3, "b": 4, "c": 90})).replace("3 of 4", "")


# The ledger --------------------------------------------------------------------------------------


def reveals(groups, sizes, minimum) -> bool:
    """Try every small group: is it in the span of what was shown?"""
    cells = [cell for cell in sizes if sizes[cell]]
    rows = np.array([[float(cell in group) for cell in cells] for group in groups])
    rank = np.linalg.matrix_rank(rows)
    for many in range(1, len(cells) + 1):
        for group in combinations(cells, many):
            if sum(sizes[cell] for cell in group) < minimum:
                target = np.array([float(cell in group) for cell in cells])
                if np.linalg.matrix_rank(np.vstack([rows, target])) == rank:
                    return True
    return False


@settings(max_examples=200)
@given(
    st.lists(st.integers(0, 6), min_size=2, max_size=7),
    st.lists(st.frozensets(st.integers(0, 6)), min_size=1, max_size=6),
    st.integers(2, 8),
)
def test_the_ledger_finds_what_every_combination_finds(counts, groups, minimum) -> None:
    sizes = dict(enumerate(counts))
    chosen = [frozenset(cell for cell in group if cell in sizes) for group in groups]
    found = Ledger(sizes=sizes, minimum=minimum, shown=tuple(chosen[:-1])).find_revealed(chosen[-1])
    assert (found is not None) == reveals(chosen, sizes, minimum)
    if found is not None:
        assert 0 < sum(sizes[cell] for cell in found) < minimum


@settings(max_examples=50)
@given(
    st.lists(st.integers(0, 9), min_size=6, max_size=6),
    st.lists(st.frozensets(st.integers(0, 5)), max_size=12),
)
def test_a_ledger_that_is_heeded_never_gives_a_group_away(counts, groups) -> None:
    ledger = Ledger(sizes=dict(enumerate(counts)))
    for group in groups:
        if ledger.is_safe(group):
            ledger = ledger.show(group)
    if ledger.shown:
        assert not reveals(ledger.shown, ledger.sizes, 5)


def test_three_totals_give_away_what_no_two_do() -> None:
    """x + y, y + z and x + z are each large, and their sum less twice one is a single group."""
    sizes = {"x": 3, "y": 30, "z": 40}
    shown = [{"x", "y"}, {"y", "z"}]
    assert is_safe_to_show(shown[:1], shown[1], sizes=sizes)
    assert not is_safe_to_show(shown, {"x", "z"}, sizes=sizes)


def test_what_is_shown_twice_stays_safe() -> None:
    ledger = Ledger(sizes={"a": 9, "b": 2}).show({"a", "b"})
    assert ledger.show({"b", "a"}) is ledger
    assert ledger.show(set()).is_safe({"a", "b"})


def test_a_refusal_names_the_group() -> None:
    ledger = Ledger(sizes={"a": 9, "b": 2, "c": 1}).show({"a", "b", "c"})
    with pytest.raises(WouldReveal, match="b; c") as refused:
        ledger.show({"a"})
    assert refused.value.cells == {"b", "c"}
    assert str(ledger).startswith("1 totals shown of 12 persons in 3 cells")


def test_many_filters_are_judged_in_a_moment() -> None:
    random = np.random.default_rng(1)
    sizes = {cell: int(n) for cell, n in enumerate(random.integers(0, 8, 300))}
    ledger, refused = Ledger(sizes=sizes), 0
    for _ in range(60):
        group = set(np.flatnonzero(random.random(300) < 0.4).tolist())
        refused += not ledger.is_safe(group)
        ledger = ledger.show(group) if ledger.is_safe(group) else ledger
    assert len(ledger.shown) + refused == 60


# On every kind of frame --------------------------------------------------------------------------


UNITS = ["a"] * 7 + ["b"] * 8 + ["c"] * 6 + [None, "c"]
LEVELS = [1.0] * 6 + [2.0] + [1.0] * 4 + [2.0] * 4 + [NAN, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0, 2.0]
PERSONS = [float(person) for person in range(21)] + [NAN, 16.0]


def test_cells_on_every_kind_of_frame(make_frame) -> None:
    frame = make_frame({"unit": UNITS, "level": LEVELS, "person": PERSONS})
    one = suppress_small_cells(frame, by="unit")
    assert one.cells == {"a": 7, "b": None, "c": 7, None: None, TOTAL: 23} | one.cells
    assert one == suppress({"a": 7, "b": 8, "c": 7, None: 1}, columns=["unit"])
    two = suppress_small_cells(frame, by=["unit", "level"], respondent="person")
    table = {("a", 1.0): 6, ("a", 2.0): 1, ("b", 1.0): 4, ("b", 2.0): 4, ("c", 2.0): 5}
    assert two == suppress(table | {("c", None): 1}, columns=["unit", "level"])
    ledger = open_ledger(frame, by=["unit", "level"], respondent="person", minimum=4)
    assert ledger.sizes == table | {("c", None): 1}
    assert ledger.show(ledger.select(unit=["a", "b"])).is_safe(ledger.select(unit="b", level=1.0))
    assert not ledger.is_safe(ledger.select(level=2.0, unit="a"))


def test_a_column_of_counts_is_summed() -> None:
    import polars as pl

    rows = pl.DataFrame({"unit": ["a", "a", "b"], "n": [4, 3, 6]})
    assert suppress_small_cells(rows, by="unit", count="n").cells == {"a": 7, "b": 6, TOTAL: 13}
    with pytest.raises(ValueError, match="not both"):
        suppress_small_cells(rows, by="unit", count="n", respondent="n")
    with pytest.raises(UnknownColumn):
        open_ledger(rows, by="unit").select(units="a")


@settings(max_examples=4)
@given(st.permutations(range(23)))
def test_the_order_of_rows_changes_nothing(order) -> None:
    import polars as pl

    frame = pl.DataFrame({"unit": UNITS, "level": LEVELS})
    found = suppress_small_cells(frame[list(order)], by=["unit", "level"])
    assert found == suppress_small_cells(frame, by=["unit", "level"])


def test_results_are_json_and_tables() -> None:
    safe = suppress({("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    assert json.loads(json.dumps(safe.to_dict(), allow_nan=False)) == safe.to_dict()
    assert "<td>hidden</td>" in safe._repr_html_()
    assert safe.columns == ("column 1", "column 2")


def test_a_safe_table_draws_what_is_left_to_a_reader() -> None:
    pytest.importorskip("altair")
    assert suppress({"a": 3, "b": 20, "c": 30}).plot().to_dict()["layer"]


def test_a_ledger_is_a_result_as_the_others() -> None:
    ledger = Ledger(sizes={("a", 1): 8, ("b", None): 3}, minimum=5, columns=("unit", "years"))
    shown = ledger.show({("a", 1), ("b", None)})

    assert json.loads(json.dumps(shown.to_dict())) == {
        "sizes": {"a, 1": 8, "b, (none)": 3},
        "minimum": 5,
        "shown": [[["a", 1], ["b", None]]],
        "columns": ["unit", "years"],
    }
    assert "<tr><th>b, (none)</th><td>3</td><td>1</td></tr>" in shown._repr_html_()


def test_a_ledger_is_drawn_as_bars() -> None:
    pytest.importorskip("altair")
    ledger = Ledger(sizes={"a": 8, "b": 3})
    assert "'label': 'b', 'estimate': 3" in str(ledger.plot().to_dict())
