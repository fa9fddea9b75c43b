"""Differences between arms: on every frame, against R, and at the edges."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import experiments as reference

from kokemus import measure
from kokemus.measure import ArmSums

NAN = math.nan
SCORES = {"old": [3, 9, 8, 10, 9, 2, 7, 6], "new": [9, 10, 8, 10, 9, 9, 10, 7]}
ROWS = {
    "arm": ["old"] * 10 + ["new"] * 10 + [None],
    "score": [*map(float, SCORES["old"]), None, NAN, *map(float, SCORES["new"]), NAN, None, 5.0],
    "before": [5.0, 8.0, None, 9.0, 9.0, NAN, 6.0, 7.0, 3.0, 3.0] * 2 + [1.0],
    "shop": list("aaabbccccaddeeeffffdg"),
}


def welch(treated, control):
    """Difference, standard error and degrees of freedom, written plainly."""
    parts = [np.var(x, ddof=1) / len(x) for x in (treated, control)]
    degrees = sum(parts) ** 2 / sum(
        v**2 / (len(x) - 1) for v, x in zip(parts, (treated, control), strict=True)
    )
    return np.mean(treated) - np.mean(control), math.sqrt(sum(parts)), degrees


def fixed(found: measure.Experiment) -> tuple:
    each = found.comparisons[0]
    return each.fixed.estimate, each.fixed.low, each.fixed.high, each.standard_error


def test_experiment_on_every_frame(make_frame) -> None:
    frame = make_frame(ROWS)
    plain = measure.experiment(frame, control="old", planned=100)
    difference, error, _ = welch(SCORES["new"], SCORES["old"])
    assert fixed(plain)[0::3] == pytest.approx((difference, error), rel=1e-9)
    assert (plain.missing, plain.sample_ratio.assigned) == (4, (10, 10))
    assert plain.sample_ratio.unassigned == 1

    adjusted = measure.experiment(frame, control="old", pre="before", planned=100)
    assert fixed(adjusted)[0::3] == pytest.approx(by_hand(), rel=1e-9)
    assert adjusted.comparisons[0].plain == plain.comparisons[0].fixed

    clustered = measure.experiment(frame, control="old", cluster="shop", scale="nps")
    assert fixed(clustered)[0::3] == pytest.approx(by_clusters(), rel=1e-9)
    assert [(arm.answers, arm.units) for arm in clustered.arms] == [(8, 3), (8, 3)]
    assert clustered.comparisons[0].unit == "points"


def by_hand() -> tuple[float, float]:
    """CUPED where who has no pre-score takes the centre, written plainly."""
    x = np.array([5, 8, NAN, 9, 9, NAN, 6, 7.0])
    arms = {name: np.array(scores, float) for name, scores in SCORES.items()}
    filled = np.where(np.isnan(x), np.nanmean(x), x)
    spread = 2 * ((filled - filled.mean()) ** 2).sum()
    slope = sum(((filled - filled.mean()) * (y - y.mean())).sum() for y in arms.values()) / spread
    new, old = (arms[name] - slope * (filled - filled.mean()) for name in ("new", "old"))
    return welch(new, old)[:2]


def by_clusters() -> tuple[float, float]:
    """Clusters of 3, 2 and 3 answers; the factor as the docstring says, by whole matrices."""
    sizes = np.array([3.0, 2.0, 3.0])
    each = np.diag(0.95 * sizes + 0.05 * sizes**2)
    centre = np.eye(3) - np.outer(sizes, np.ones(3)) / 8
    factor = np.trace(each) / np.trace(centre @ each @ centre.T)
    points = {n: [100 * ((s >= 9) - (s <= 6)) for s in scores] for n, scores in SCORES.items()}
    places = {"old": [0, 0, 0, 1, 1, 2, 2, 2], "new": [0, 0, 1, 1, 1, 2, 2, 2]}
    variance, means = 0.0, {}
    for name, scores in points.items():
        means[name] = np.mean(scores)
        residuals = np.bincount(places[name], np.array(scores) - means[name])
        variance += (residuals**2).sum() / 64 * factor
    return float(means["new"] - means["old"]), math.sqrt(variance)


def sums_of(figures) -> ArmSums:
    n, y, yy, x, xy, xx = figures
    return ArmSums.of_answers(n, y=y, yy=yy, x=x, xy=xy, xx=xx)


def test_cuped_is_that_of_r() -> None:
    arms = dict(enumerate(map(sums_of, reference.CUPED_SUMS)))
    found = measure.experiment_from_sums(arms, control=0, planned=4000)
    each = found.comparisons[0]
    assert (each.fixed.estimate, each.standard_error) == pytest.approx(reference.CUPED, abs=5e-7)
    plain = measure.experiment_from_sums(
        {
            arm: ArmSums.of_answers(n, y=y, yy=yy)
            for arm, (n, y, yy, *_) in enumerate(reference.CUPED_SUMS)
        },
        control=0,
    ).comparisons[0]
    assert (plain.fixed.estimate, plain.standard_error) == pytest.approx(
        reference.CUPED_PLAIN, abs=5e-7
    )
    assert each.plain == plain.fixed
    assert each.variance_cut == pytest.approx(1 - (0.047402 / 0.060717) ** 2, abs=1e-4)
    assert found.method == "Welch t and normal-mixture confidence sequence, CUPED"


def test_the_always_valid_interval_is_fixed_by_the_plan() -> None:
    arms = dict(enumerate(map(sums_of, reference.CUPED_SUMS)))
    for planned in (1000, 4000, 16000):
        each = measure.experiment_from_sums(arms, control=0, planned=planned).comparisons[0]
        assert each.progress == pytest.approx(4000 / planned)
        assert (each.always_valid.low, each.always_valid.high) == pytest.approx(
            measure.always_valid_difference(
                each.fixed.estimate, each.standard_error, progress=4000 / planned
            )
        )


def test_without_a_plan_or_with_few_units_no_always_valid_interval() -> None:
    few = {arm: ArmSums.of_answers(29, y=60, yy=200) for arm in "ab"}
    without = measure.experiment_from_sums(few, control="a").comparisons[0]
    early = measure.experiment_from_sums(few, control="a", planned=99).comparisons[0]
    assert (without.progress, without.always_valid.low) == (None, None)
    assert (early.always_valid.low, early.reading) == (None, "cannot tell")
    assert without.reading == "cannot tell"
    assert "no always-valid interval;" in str(early)


def test_large_numbers_keep_their_digits() -> None:
    shift = 1e9
    rows = {"arm": ["a", "b"] * 50, "score": [shift + (i * 7) % 11 for i in range(100)]}
    near = {"arm": rows["arm"], "score": [s - shift for s in rows["score"]]}
    far, close = (
        fixed(measure.experiment(pl.DataFrame(each), control="a")) for each in (rows, near)
    )
    assert far == pytest.approx(close, rel=1e-9)


def test_none_one_and_equal_are_said() -> None:
    arms = {
        "none": ArmSums.of_answers(0, y=0, yy=0),
        "one": ArmSums.of_answers(1, y=9, yy=81),
        "equal": ArmSums.of_answers(5, y=45, yy=405),
        "control": ArmSums.of_answers(5, y=35, yy=245),
    }
    found = measure.experiment_from_sums(arms, control="control", planned=100)
    read = {each.arm: (each.fixed.estimate, each.fixed.low) for each in found.comparisons}
    assert read == {"none": (None, None), "one": (2, None), "equal": (2, None)}
    lines = str(found).splitlines()
    assert lines[2] == "none less control: cannot tell (5 answers)."
    assert lines[4] == (
        "equal less control: 2 (no always-valid interval; cannot tell how far off; 10 answers)."
    )
    assert found.to_dict()["comparisons"][0]["fixed"]["estimate"] is None


def test_a_mismatch_withholds_the_reading() -> None:
    good = {
        a: ArmSums.of_answers(n, y=m * n, yy=m * m * n + n)
        for a, n, m in (("old", 4000, 5), ("new", 3000, 6))
    }
    found = measure.experiment_from_sums(good, control="old", planned=7000)
    assert found.comparisons[0].reading == "cannot tell"
    assert found.words.startswith("Do not read the difference before the cause")
    planned = measure.experiment_from_sums(
        good, control="old", planned=7000, shares={"old": 4, "new": 3}
    )
    assert planned.comparisons[0].reading == "better"
    assert planned.words == "new is higher than old, at whatever look this is."


def test_several_arms_adjust_their_p_values() -> None:
    arms = {
        a: ArmSums.of_answers(100, y=100 * m, yy=100 * (m * m + 1))
        for a, m in (("a", 5.0), ("b", 5.3), ("c", 5.25))
    }
    first, second = measure.experiment_from_sums(arms, control="a").comparisons
    assert first.adjusted_p_value == pytest.approx(min(2 * first.p_value, second.p_value))
    assert second.adjusted_p_value == second.p_value


def test_what_cannot_be_compared_is_named() -> None:
    frame = pl.DataFrame(ROWS, strict=False)
    with pytest.raises(measure.UnknownArm, match="there is no arm 'x'"):
        measure.experiment(frame, control="x")
    with pytest.raises(ValueError, match="scale must be mean or nps"):
        measure.experiment(frame, control="old", scale="csat")
    with pytest.raises(ValueError, match="planned must be over 0"):
        measure.experiment(frame, control="old", planned=0)
    with pytest.raises(measure.OffScale, match="outside the scale 0 to 10"):
        measure.experiment(
            pl.DataFrame({"arm": ["a", "b"], "score": [11, 3]}), control="a", scale="nps"
        )
    with pytest.raises(ValueError, match="n_pre goes with y_pre"):
        ArmSums.of_answers(3, y=1, yy=1, n_pre=2)


def test_a_result_becomes_a_table_and_a_chart() -> None:
    found = measure.experiment(pl.DataFrame(ROWS, strict=False), control="old", planned=50)
    assert "<th>new</th><td>2.25</td>" in found._repr_html_()
    for each in (found, found.comparisons[0], found.arms[0], found.sample_ratio):
        assert each.plot().to_dict()["$schema"]
        assert each._repr_html_().startswith("<table>")


def test_few_clusters_are_said() -> None:
    few = ArmSums.of_clusters([10] * 6, y=[70, 80, 75, 66, 81, 90])
    many = ArmSums.of_clusters([10] * 12, y=[70, 80, 75, 66, 81, 90] * 2)
    big = ArmSums.of_clusters([100, *[5] * 20], y=[800, *[35, 41, 30, 44] * 5])
    six, twelve, unequal = (
        measure.experiment_from_sums({"a": many, "b": each}, control="a").comparisons[0]
        for each in (few, many, big)
    )
    assert (six.clusters, six.caution) == (
        6,
        "few clusters: 6 in the smaller arm; the interval covers about 96 %",
    )
    assert str(six).endswith(
        "answers; few clusters: 6 in the smaller arm; the interval covers about 96 %)."
    )
    assert six.to_dict()["caution"] == six.caution
    assert (twelve.clusters, twelve.caution) == (12, None)
    assert unequal.caution.startswith(
        "few clusters: 21 in the smaller arm, so unequal that they count as 4;"
    )
    rows = {arm: ArmSums.of_answers(30, y=60, yy=200) for arm in "ab"}
    alone = measure.experiment_from_sums(rows, control="a").comparisons[0]
    assert (alone.clusters, alone.caution) == (None, None)


def test_sums_without_sizes_count_clusters_as_equal() -> None:
    whole = ArmSums.of_clusters([10] * 6, y=[70, 80, 75, 66, 81, 90])
    without = ArmSums(units=whole.units, totals=whole.totals, products=whole.products)
    one, other = (
        measure.experiment_from_sums({"a": each, "b": each}, control="a").comparisons[0]
        for each in (whole, without)
    )
    assert one.fixed.low == pytest.approx(other.fixed.low)


CLUSTERS = st.lists(
    st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10) | st.none()), min_size=1, max_size=4),
    min_size=4,
    max_size=8,
)


@settings(max_examples=25)
@given(CLUSTERS, st.randoms(use_true_random=False))
def test_the_order_and_splitting_of_rows_change_nothing(clusters, random) -> None:
    rows = [("ab"[c % 2], f"c{c}", y, x) for c, answers in enumerate(clusters) for y, x in answers]
    shuffled = random.sample(rows, len(rows))
    names = ["arm", "shop", "score", "before"]
    both = [
        measure.experiment(
            pl.DataFrame(each, names, orient="row"), control="a", pre="before", cluster="shop"
        ).comparisons[0]
        for each in (rows, shuffled)
    ]
    for name in ("fixed", "plain"):
        one, other = (getattr(each, name).estimate for each in both)
        assert one == pytest.approx(other, abs=1e-9)


@settings(max_examples=25)
@given(CLUSTERS)
def test_sums_of_clusters_equal_the_frame(clusters) -> None:
    names = ["arm", "shop", "score"]
    rows = [("ab"[c % 2], c, y) for c, answers in enumerate(clusters) for y, _ in answers]
    frame = measure.experiment(
        pl.DataFrame(rows, names, orient="row"), control="a", cluster="shop"
    ).comparisons[0]
    arms = {}
    for arm in (0, 1):
        chosen = [[y for y, _ in answers] for answers in clusters[arm::2]]
        arms["ab"[arm]] = ArmSums.of_clusters(list(map(len, chosen)), y=list(map(sum, chosen)))
    sums = measure.experiment_from_sums(arms, control="a").comparisons[0]
    assert frame.fixed.estimate == pytest.approx(sums.fixed.estimate, abs=1e-9)
    assert (frame.standard_error or 0) == pytest.approx(sums.standard_error or 0, abs=1e-6)
