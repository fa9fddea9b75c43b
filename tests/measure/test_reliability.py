import math

import numpy as np
import pytest

from kokemus import measure


def test_reliability_is_the_share_between(make_frame) -> None:
    rows = {
        "unit": ["a", "a", "b", "b", "b", "c", "c", "d", "a", "a", None, "b"],
        "score": [9, 7, 4, 6, 5, 10, 8, 7, None, math.nan, 3, None],
    }
    found = measure.unit_means(make_frame(rows))
    means = {"a": 8.0, "b": 5.0, "c": 9.0, "d": 7.0}
    assert found.means == pytest.approx(means)
    # By the analysis of variance: within 6 / 4, between from the mean of all, 7.
    within = (2 + 2 + 2) / 4
    among = (2 * 1 + 3 * 4 + 2 * 4 + 0) / 3
    between = (among - within) / ((8 - (4 + 9 + 4 + 1) / 8) / 3)
    assert (found.within, found.between) == (pytest.approx(within), pytest.approx(between))
    assert found.reliability == pytest.approx(
        {unit: between / (between + within / n) for unit, n in found.answers.items()}
    )
    mean = found.mean
    assert {unit: each.estimate for unit, each in found.shrunken.items()} == pytest.approx(
        {unit: mean + found.reliability[unit] * (means[unit] - mean) for unit in means}
    )
    assert (found.answers, found.missing) == ({"a": 2, "b": 3, "c": 2, "d": 1}, 4)


@pytest.mark.parametrize(
    "sums",
    [
        {},
        {"a": (4, 36, 326), "b": (4, 26, 174)},
        {"a": (1, 9, 81), "b": (1, 4, 16), "c": (1, 5, 25)},
        {"a": (2, 18, 162), "b": (2, 8, 32), "c": (2, 10, 50)},
    ],
)
def test_too_little_cannot_be_told(sums) -> None:
    found = measure.unit_means_from_sums(sums)
    assert (found.mean, found.between, found.within) == (None, None, None)
    assert set(found.shrunken.values()) <= {measure.Estimate(None, None, None)}
    assert str(found).startswith("cannot tell")


def test_units_that_differ_by_chance_only_are_said_so() -> None:
    found = measure.unit_means_from_sums(dict.fromkeys("abcd", (4, 20, 110)))
    assert found.between == 0
    assert set(found.reliability.values()) == {0.0}
    assert str(found) == "the units differ no more than the luck of who answered"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("units", "answers", "spread", "noise"),
    [
        (30, (5, 30), 0.7, 1.5),
        (8, (5, 30), 0.7, 1.5),
        (12, (4, 4), 0.5, 1.0),
        (8, (5, 5), 0.5, 1.0),
        (12, (1, 8), 0.5, 1.0),
        (20, (4, 4), 0.5, 1.0),
        (12, (4, 4), 2.0, 1.0),
    ],
)
def test_intervals_cover_what_they_say(units, answers, spread, noise) -> None:
    """Before they knew how little is known of the variances: 91 % of 12 units of 4 answers."""
    rng = np.random.default_rng(5)
    hits, rounds = 0, 1000
    for _ in range(rounds):
        count = rng.integers(answers[0], answers[1] + 1, units).astype(float)
        truth = rng.normal(8, spread, units)
        mean = truth + rng.normal(size=units) * noise / np.sqrt(count)
        squares = noise**2 * rng.chisquare(np.maximum(count - 1, 1e-9)) + count * mean**2
        columns = zip(count, count * mean, squares, strict=True)
        found = measure.unit_means_from_sums(dict(enumerate(columns)))
        hits += sum(each.low <= truth[unit] <= each.high for unit, each in found.shrunken.items())
    assert 0.935 <= hits / rounds / units <= 0.97


def test_results_serve_print_notebook_and_chart() -> None:
    pytest.importorskip("altair")
    found = measure.unit_means_from_sums({"a": (4, 36, 326), "b": (4, 26, 174), "c": (2, 13, 97)})
    assert "<th>a</th>" in found._repr_html_()
    assert found.plot().to_dict()["layer"]
    assert "c: 6.94" in str(found)
