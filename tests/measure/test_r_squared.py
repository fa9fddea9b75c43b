import itertools

import numpy as np
import polars as pl
import pytest

from kokemus import measure
from kokemus.measure._r_squared import limit_r_squared, share_below


def draw_moments(generator, *, rows, columns, population):
    """A Gram of one, normal predictors that go together, and an outcome."""
    x = generator.normal(size=(rows, columns)) + 0.7 * generator.normal(size=(rows, 1))
    spread = columns + 0.49 * columns**2
    noise = np.sqrt(spread * (1 - population) / population) if population else 1.0
    y = x.sum(axis=1) * (population > 0) + noise * generator.normal(size=rows)
    whole = np.column_stack([np.ones(rows), x, y])
    return whole.T @ whole


def find_whole(gram, *, method="first"):
    names = [*(f"x{place}" for place in range(len(gram) - 2)), "y"]
    return measure.drivers_from_gram(gram, names=names, outcome="y", method=method)


def test_the_distribution_is_that_of_drawn_samples() -> None:
    generator = np.random.default_rng(2)
    found = [
        find_whole(draw_moments(generator, rows=20, columns=4, population=0.5)).r_squared
        for _ in range(400)
    ]
    for level in (0.4, 0.6, 0.8):
        known = share_below(level, 0.5, answers=20, columns=4)
        assert np.mean(np.array(found) < level) == pytest.approx(known, abs=0.05)


def test_without_predictors_that_tell_the_distribution_is_f() -> None:
    from scipy.special import fdtr

    ratio = 0.3 / 0.7 * 15 / 4
    assert share_below(0.3, 0.0, answers=20, columns=4) == pytest.approx(float(fdtr(4, 15, ratio)))
    assert share_below(0.3, 1e-9, answers=20, columns=4) == pytest.approx(
        share_below(0.3, 0.0, answers=20, columns=4), abs=1e-6
    )


def test_limits_of_many_answers_are_those_of_the_normal_approximation() -> None:
    low, high = limit_r_squared(0.5, answers=1e6, columns=8, excess=1.0, confidence=0.95)
    margin = 1.959964 * 2 * np.sqrt(0.5) * 0.5 / 1e3
    assert (low, high) == (
        pytest.approx(0.5 - margin, abs=2e-5),
        pytest.approx(0.5 + margin, abs=2e-5),
    )
    wide = limit_r_squared(0.5, answers=4e6, columns=8, excess=4.0, confidence=0.95)
    assert wide == pytest.approx((low, high), abs=1e-6)


def test_noise_and_few_rows_claim_nothing() -> None:
    generator = np.random.default_rng(1000)
    x, y = generator.normal(size=(20, 8)), generator.normal(size=20)
    frame = pl.DataFrame({"y": y, **{f"x{place}": x[:, place] for place in range(8)}})
    found = measure.drivers(frame, "y", [f"x{place}" for place in range(8)])
    assert found.r_squared_interval[0] == 0.0
    few = measure.drivers(frame.head(12), "y", [f"x{place}" for place in range(8)])
    assert few.r_squared_interval == (None, None)
    assert few.reason == "12 answers are too few for 8 columns"
    assert "(12 answers are too few for 8 columns)" in str(few)


def test_a_sample_that_flatters_says_what_holds_beyond_it() -> None:
    gram = np.diag([20.0, *[20.0] * 9])
    gram[1, 9] = gram[9, 1] = 8.0
    found = find_whole(gram)
    assert found.r_squared == pytest.approx(0.16)
    low, high = found.r_squared_interval
    assert low == 0.0
    assert 0.1 < high < 0.6
    assert f"R² 0.160 (0.000 to {high:.3f})" in str(found)
    many = np.diag([200.0] * 82)
    many[1, 81] = many[81, 1] = 140.0
    found = find_whole(many)
    assert found.r_squared_interval[1] < found.r_squared == pytest.approx(0.49)
    assert "R² 0.490 in the sample, 0.000 to 0." in str(found)


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "columns"), list(itertools.product([20, 50, 100, 400], [4, 8])))
def test_intervals_of_r_squared_cover_what_they_say(rows, columns) -> None:
    """Four values of R², 100 samples each: 93 to 98 % together (before: 72 % with 20 and 8)."""
    generator = np.random.default_rng([rows, columns])
    hits = []
    for population in [0.0, 0.2, 0.5, 0.8] * 100:
        gram = draw_moments(generator, rows=rows, columns=columns, population=population)
        low, high = find_whole(gram).r_squared_interval
        hits.append(low <= population <= high)
    assert 0.93 <= np.mean(hits) <= 0.98


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "freedom"), [(100, 3), (300, 3), (100, 5)])
def test_intervals_of_r_squared_cover_with_heavy_tails(rows, freedom) -> None:
    """Student's t in all columns; before the degrees of the influences 86 to 90 % at 3."""
    generator = np.random.default_rng([rows, freedom])
    hits = []
    for _ in range(200):
        x = generator.standard_t(freedom, size=(rows, 2))
        y = x.sum(axis=1) + np.sqrt(2) * generator.standard_t(freedom, size=rows)
        frame = pl.DataFrame({"y": y, "a": x[:, 0], "b": x[:, 1]})
        low, high = measure.drivers(frame, "y", ["a", "b"], method="first").r_squared_interval
        hits.append(low <= 0.5 <= high)
    assert 0.92 <= np.mean(hits) <= 0.985
