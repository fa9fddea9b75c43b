"""Good at once, bad later: by hand, on every frame, false alarms and coverage."""

import math

import numpy as np
import polars as pl
import pytest

from kokemus import measure

NAN = math.nan


def contacts() -> dict[str, list]:
    rows = []
    for place in range(6 * 12):
        unit, number = "abcdef"[place // 12], place % 12
        score = float(7 + number % 3)
        later = float(6 + number * 5 % 4) - (3 if unit == "f" else 0)
        left = float(number % 6 == 0 or (unit == "f" and number % 2))
        rows.append((unit, score, later, left))
    rows += [
        ("a", NAN, 5.0, 1.0),
        ("a", None, 5.0, 0.0),
        ("b", 8.0, None, NAN),
        ("c", 9.0, NAN, None),
        (None, 9.0, 2.0, 1.0),
    ]
    names = ("unit", "score", "later_score", "left")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


ROWS = contacts()


def by_hand(unit: str) -> dict:
    rows = [
        row
        for row in zip(*ROWS.values(), strict=True)
        if row[0] is not None and row[1] is not None and row[1] == row[1]
    ]
    paired = [r for r in rows if r[2] is not None and r[2] == r[2]]
    own = [r for r in paired if r[0] == unit]
    elsewhere = {
        s: np.mean([r[2] for r in paired if r[0] != unit and r[1] == s]) for s in (7, 8, 9)
    }
    gaps = [r[1] - r[2] for r in own]
    return {
        "gap": np.mean(gaps),
        "deviation": np.std(gaps, ddof=1),
        "pairs": len(own),
        "answers": sum(r[0] == unit for r in rows),
        "shortfall": np.mean([elsewhere[r[1]] - r[2] for r in own]),
    }


def test_promise_gap_on_every_frame(make_frame) -> None:
    found = measure.promise_gap(make_frame(ROWS), churned="left")
    assert [gap.unit for gap in found] == list("abcdef")
    for gap in found:
        hand = by_hand(gap.unit)
        low, high = measure.intervals.mean_interval(hand["gap"], hand["deviation"], hand["pairs"])
        assert (gap.gap.estimate, gap.gap.low, gap.gap.high) == pytest.approx(
            (hand["gap"], low, high)
        )
        assert (gap.pairs, gap.answers) == (hand["pairs"], hand["answers"])
        assert gap.shortfall.estimate == pytest.approx(hand["shortfall"])
        assert abs(gap.shrunken) <= abs(gap.shortfall.estimate)
    assert [gap.unit for gap in found if gap.is_found] == ["f"]
    left = measure.intervals.wilson_interval(8, 12)
    assert (found[5].churn.low, found[5].churn.high) == pytest.approx(left)
    assert str(found).splitlines()[0].startswith("1 of 6 units promise more than is kept")


def test_a_demanding_clientele_is_no_broken_promise() -> None:
    """Lower answers at once and later alike: compared with like, nothing is short."""
    cells = {unit: {8: (40, 280, 2000, 0, 0)} for unit in "abcde"}
    cells |= {"f": {8: (4, 28, 200, 0, 0), 3: (36, 108, 360, 0, 0)}, "g": {3: (9, 27, 90, 0, 0)}}
    found = measure.promise_gap_from_counts(cells)
    assert [gap.is_found for gap in found] == [False] * 7
    assert found[5].shortfall.estimate == pytest.approx(0, abs=1e-12)


def test_none_one_and_few_are_said() -> None:
    found = measure.promise_gap_from_counts(
        {"a": {9: (0, 0, 0, 0, 0)}, "b": {9: (1, 8, 64, 1, 0)}, "c": {9: (5, 40, 330, 5, 1)}}
    )
    assert str(found[0]) == "a: cannot tell, no later answers"
    assert (found[1].gap, found[1].p_value) == (measure.Estimate(1.0, None, None), None)
    assert found[0].churn == measure.Estimate(None, None, None)
    with pytest.raises(ValueError, match="level must be over 0"):
        measure.promise_gap_from_counts({}, level=0)
    assert len(measure.promise_gap_from_counts({})) == 0


def test_results_have_tables_and_charts() -> None:
    found = measure.promise_gap(pl.DataFrame(ROWS, strict=False))
    for each in (found, found[0], found[1:]):
        assert each.plot().to_dict()["$schema"]
        assert each._repr_html_().startswith("<table>")
    assert found.to_dict()["gaps"][5]["is_found"] is True


def draw_company(generator, units: int, spread: float):
    """Draw cells of an honest company, and what each unit's shortfall and gap truly are."""
    cells, shift = {}, generator.normal(0, spread, units)
    for unit in range(units):
        n = int(generator.integers(20, 60))
        score = generator.choice([7, 8, 9, 10], n, p=[0.2, 0.3, 0.25, 0.25])
        later = np.round(4 + 0.45 * score + shift[unit] + generator.normal(0, 1.5, n))
        left = generator.random(n) < 0.15
        cells[unit] = {
            float(s): (
                (score == s).sum(),
                later[score == s].sum(),
                (later[score == s] ** 2).sum(),
                (score == s).sum(),
                left[score == s].sum(),
            )
            for s in np.unique(score)
        }
    return cells, shift


@pytest.mark.slow
@pytest.mark.parametrize(("units", "spread"), [(10, 0.0), (10, 0.5), (40, 0.5)])
def test_false_alarms_and_coverage(units, spread) -> None:
    generator = np.random.default_rng(2)
    alarms, held_fall, held_gap = [], [], []
    for _ in range(2000 // units):
        cells, shift = draw_company(generator, units, spread)
        for unit, gap in enumerate(measure.promise_gap_from_counts(cells)):
            truth = np.delete(shift, unit).mean() - shift[unit]
            alarms.append((gap.p_value < 0.05, gap.churn_p_value < 0.05))
            held_fall.append(gap.shortfall.low <= truth <= gap.shortfall.high)
            mean = 4 + 0.45 * np.dot([7, 8, 9, 10], [0.2, 0.3, 0.25, 0.25]) + shift[unit]
            whole = np.dot([7, 8, 9, 10], [0.2, 0.3, 0.25, 0.25]) - mean
            held_gap.append(gap.gap.low <= whole <= gap.gap.high)
    assert (np.mean(alarms, axis=0) <= 0.07).all()
    assert (np.mean(alarms, axis=0) >= 0.015).all()
    assert 0.93 <= np.mean(held_fall) <= 0.97
    assert 0.93 <= np.mean(held_gap) <= 0.97
