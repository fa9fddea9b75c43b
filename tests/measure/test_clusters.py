"""Answers in clusters: the interval rests on the clusters, and holds the truth as it says."""

import datetime
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit
from tests.reference import sfo_2017, sfo_2017_runs

from kokemus import measure
from kokemus.measure._clusters import spread_of
from kokemus.measure._frame import ClusterTable
from kokemus.measure._scoring import score_mean, score_nps, score_share
from kokemus.measure.histograms import HistogramTable

NAN = math.nan
T_210 = float(stdtrit(210, 0.975))
ROWS = {
    "score": [10, 10, 10, 0, 7, None, 10.0, NAN, 10, 3, 99],
    "customer": ["a", "a", "b", "b", "b", "c", None, "a", None, "d", "a"],
    "shop": ["x"] * 6 + ["y"] * 5,
}


def airport_runs() -> dict[str, list]:
    cells = [
        (f"run {number}", value, count, weight / max(count, 1))
        for number, run in enumerate(sfo_2017_runs.RUNS)
        for value, count, weight in zip((0, 7, 10), run[:3], run[3:], strict=True)
    ]
    names = ["run", "score", "answers", "weight"]
    return {name: [cell[place] for cell in cells] for place, name in enumerate(names)}


def test_clustered_nps_agrees_with_the_survey_package() -> None:
    import polars as pl

    frame = pl.DataFrame(airport_runs())
    plain = measure.nps(frame, count="answers", cluster="run")
    assert plain.clusters == 211
    assert plain.estimate == pytest.approx(100 * sfo_2017.NPS, abs=1e-9)
    assert plain.design_effect == pytest.approx(sfo_2017_runs.DESIGN_EFFECT, rel=1e-9)
    weighted = measure.nps(frame, count="answers", weight="weight", cluster="run", method="wald")
    assert weighted.estimate == pytest.approx(100 * sfo_2017.WEIGHTED_NPS, abs=1e-7)
    assert weighted.design_effect == pytest.approx(sfo_2017_runs.WEIGHTED_DESIGN_EFFECT, rel=1e-8)
    margin = 100 * T_210 * sfo_2017_runs.WEIGHTED_STANDARD_ERROR
    assert (weighted.high - weighted.low) / 2 == pytest.approx(margin, rel=1e-3)
    assert weighted.method == "wald, 211 clusters"


def test_cluster_interval_agrees_with_the_survey_package() -> None:
    runs = np.array(sfo_2017_runs.RUNS)
    totals, sizes = runs[:, 5] - runs[:, 3], runs[:, 3:].sum(1)
    low, high = measure.intervals.cluster_interval(totals, sizes)
    assert (low + high) / 2 == pytest.approx(sfo_2017.WEIGHTED_NPS, abs=1e-9)
    margin = T_210 * sfo_2017_runs.WEIGHTED_STANDARD_ERROR
    assert (high - low) / 2 == pytest.approx(margin, rel=1e-7)


def test_scores_by_group_with_clusters(make_frame) -> None:
    """In shop x the two customers sum to 2 of 2 and 0 of 3; in y each answer stands alone."""
    x, y = measure.nps(make_frame(ROWS), by="shop", cluster="customer", missing=[99])
    assert (x.answers, x.missing, x.clusters, y.answers, y.clusters) == (5, 1, 2, 3, 3)
    mean = 2 / 5
    variance = 2 * ((2 - 2 * mean) ** 2 + (0 - 3 * mean) ** 2) / 25
    of_one = (1 + 1 + 1 + 1) / 5 - mean**2
    assert x.effective_answers == pytest.approx(of_one * 5 / 4 / variance)
    assert y.effective_answers == pytest.approx(3)
    assert x.method == "score, 2 clusters, which are few"
    mean_x, _ = measure.mean_score(
        make_frame(ROWS), by="shop", cluster="customer", missing=[99], scale=(0, 10)
    )
    sums, sizes = [20, 17], [2, 3]
    low, high = measure.intervals.cluster_interval(sums, sizes)
    assert (mean_x.low, mean_x.high) == (max(low, 0), min(high, 10))


def test_one_cluster_tells_nothing_and_clusters_of_one_are_plain_answers() -> None:
    import polars as pl

    frame = pl.DataFrame({"score": [9, 10, 3, 8], "one": ["a"] * 4, "each": list("abcd")})
    whole = measure.nps(frame, cluster="one")
    assert (whole.estimate, whole.low, whole.clusters) == (25.0, None, 1)
    assert str(whole) == "NPS 25.0 (cannot tell how far off, 4 answers worth 1)"
    each = measure.nps(frame, cluster="each")
    assert (each.effective_answers, each.clusters) == (4.0, 4)
    assert measure.mean_score(frame, cluster="each").low == pytest.approx(
        measure.mean_score(frame).low
    )


def test_equal_answers_in_clusters_are_worth_a_cluster_each() -> None:
    import polars as pl

    frame = pl.DataFrame({"score": [9] * 20, "shop": list("abcd") * 5})
    score = measure.nps(frame, cluster="shop")
    assert (score.effective_answers, score.high) == (4.0, 100.0)
    assert score.low < measure.nps_from_histogram({9: 4}).low


def simulate(
    chance: np.random.Generator, samples: int, clusters: int, alike: float
) -> tuple[HistogramTable, np.ndarray]:
    """Draw samples of clusters of 1 to 19 answers of 0, 8 or 10; `alike` is the share that
    the cluster settles."""
    shares = np.array([0.2, 0.3, 0.5])
    sizes = chance.integers(1, 20, (samples, clusters))
    settled = chance.binomial(sizes, alike)
    counts = chance.multinomial(sizes - settled, shares)
    counts += (
        settled[..., None] * np.eye(3, dtype=int)[chance.choice(3, p=shares, size=settled.shape)]
    )
    whole = counts.sum(1)
    values = np.array([0.0, 8.0, 10.0])
    flat = whole.ravel().astype(float)
    table = HistogramTable(
        column="score",
        groups=tuple(range(samples)),
        group_index=np.repeat(np.arange(samples), 3),
        values=np.tile(values, samples),
        answers=flat,
        weights=flat,
        weights_squared=flat,
        missing=np.zeros(samples),
    )
    return table.keep(flat > 0), counts


def sums_of(counts: np.ndarray, worths: list[int]) -> ClusterTable:
    sizes, totals = counts.sum(2).astype(float), counts @ np.array(worths)
    return ClusterTable(
        groups=tuple(range(len(counts))),
        clusters=np.full(len(counts), float(counts.shape[1])),
        weight=sizes.sum(1),
        total=totals.sum(1),
        weight_weight=(sizes**2).sum(1),
        weight_total=(sizes * totals).sum(1),
        total_total=(totals**2).sum(1),
    )


def held(scores: tuple[measure.Score, ...], truth: float) -> float:
    return float(np.mean([score.low <= truth <= score.high for score in scores]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("clusters", "alike", "mean_covers"), [(10, 0.3, 0.914), (40, 0.3, 0.945), (40, 0.0, 0.95)]
)
def test_intervals_of_clusters_cover_as_the_docs_say(clusters, alike, mean_covers) -> None:
    table, counts = simulate(np.random.default_rng(3), 4000, clusters, alike)
    sums = {
        name: sums_of(counts, worths)
        for name, worths in {"nps": [0, 1, 2], "share": [0, 0, 1], "mean": [0, 8, 10]}.items()
    }
    nps = score_nps(table, confidence=0.95, method="score", clusters=sums["nps"])
    share = score_share(
        table,
        "CSAT",
        scale=(0, 10),
        box=1,
        confidence=0.95,
        method="wilson",
        clusters=sums["share"],
    )
    mean = score_mean(table, "mean", scale=(0, 10), confidence=0.95, clusters=sums["mean"])
    assert 0.93 <= held(nps, 30.0) <= 0.97
    assert 0.93 <= held(share, 50.0) <= 0.97
    assert held(mean, 7.4) == pytest.approx(mean_covers, abs=0.01)
    if alike:
        assert held(score_nps(table, confidence=0.95, method="score"), 30.0) < 0.85


@pytest.mark.slow
def test_cluster_interval_covers_with_forty_clusters() -> None:
    _, counts = simulate(np.random.default_rng(4), 2000, 40, 0.3)
    totals, sizes = counts @ np.array([-1.0, 0.0, 1.0]), counts.sum(2)
    limits = np.array(
        [
            measure.intervals.cluster_interval(total, size)
            for total, size in zip(totals, sizes, strict=True)
        ]
    )
    assert 0.93 <= np.mean((limits[:, 0] <= 0.3) & (limits[:, 1] >= 0.3)) <= 0.97


answers = st.lists(
    st.tuples(st.sampled_from([None, NAN, *range(11)]), st.sampled_from("abc") | st.none()),
    min_size=1,
    max_size=30,
)


@given(answers, st.randoms())
@settings(max_examples=30)
def test_order_and_weights_of_one_change_nothing_in_clusters(rows, chance) -> None:
    import polars as pl

    def score(rows: list, **more: str) -> list[float]:
        frame = pl.DataFrame(
            rows, schema={"score": pl.Float64, "who": pl.String}, orient="row", strict=False
        )
        frame = frame.with_columns(one=pl.lit(1.0))
        found = measure.nps(frame, cluster="who", **more)
        return [NAN if part is None else part for part in (found.low, found.high, found.clusters)]

    shuffled = chance.sample(rows, len(rows))
    expected = pytest.approx(score(rows), nan_ok=True)
    assert score(shuffled) == expected
    assert score(rows, weight="one") == expected
    assert score(rows, count="one") == expected


def test_a_group_that_has_no_clusters_is_worth_nothing() -> None:
    table, counts = simulate(np.random.default_rng(1), 3, 5, 0.2)
    spread = spread_of(table, sums_of(counts[:2], [0, 1, 2]), table.values, confidence=0.95)
    assert spread.counts.tolist() == [5.0, 5.0, 0.0]
    assert spread.effective[2] == 0.0


DAYS = [
    *map(
        datetime.datetime.fromisoformat,
        ["2025-12-29T08:00", "2026-01-04T23:59", "2026-01-05", "2026-04-01"],
    ),
    None,
]


@pytest.mark.parametrize(
    ("every", "starts"),
    [
        ("day", ["2025-12-29", "2026-01-04", "2026-01-05", "2026-04-01"]),
        ("week", ["2025-12-29", "2025-12-29", "2026-01-05", "2026-03-30"]),
        ("month", ["2025-12-01", "2026-01-01", "2026-01-01", "2026-04-01"]),
        ("quarter", ["2025-10-01", "2026-01-01", "2026-01-01", "2026-04-01"]),
        ("year", ["2025-01-01", "2026-01-01", "2026-01-01", "2026-01-01"]),
    ],
)
def test_scores_per_period(make_frame, every, starts) -> None:
    frame = make_frame({"score": [9, 10, 3, None, 8], "at": DAYS, "shop": list("aaaab")})
    found = measure.nps(frame, time="at", every=every)
    days = [datetime.date.fromisoformat(day) for day in sorted(set(starts))]
    assert [score.group for score in found] == [*days, None]
    assert {score.group.isoformat(): score.answers + score.missing for score in found[:-1]} == {
        start: starts.count(start) for start in starts
    }


def test_periods_stand_beside_groups_and_clusters(make_frame) -> None:
    frame = make_frame(
        {"score": [9, 10, 3, 7], "at": DAYS[:4], "shop": list("aabb"), "who": list("ppqq")}
    )
    found = measure.csat(frame, scale=(0, 10), time="at", every="month", by="shop", cluster="who")
    first = datetime.date(2025, 12, 1)
    assert [score.group for score in found] == [
        ("a", first),
        ("a", datetime.date(2026, 1, 1)),
        ("b", datetime.date(2026, 1, 1)),
        ("b", datetime.date(2026, 4, 1)),
    ]
    assert [score.clusters for score in found] == [1, 1, 1, 1]


def test_a_period_needs_dates_and_a_length_that_there_is() -> None:
    import polars as pl

    frame = pl.DataFrame({"score": [9], "at": ["2026-01-01"]})
    with pytest.raises(measure.NotDates, match="column 'at' must hold dates"):
        measure.nps(frame, time="at")
    with pytest.raises(ValueError, match="every must be one of day, week, month, quarter, year"):
        measure.nps(frame.with_columns(pl.col("at").str.to_date()), time="at", every="fortnight")


def test_the_employees_and_the_first_effort_score_have_their_names() -> None:
    import polars as pl

    frame = pl.DataFrame({"score": [1, 2, 3, 4], "team": list("aabb")})
    assert [score.name for score in measure.enps(frame, by="team")] == ["eNPS", "eNPS"]
    easy = measure.ces(frame, version="1.0", box=2)
    assert (easy.name, easy.estimate) == ("CES 1.0", 50.0)
    assert measure.ces_from_histogram({1: 3, 5: 1}, version="1.0").estimate == 2.0
    with pytest.raises(ValueError, match="version must be one of"):
        measure.ces(frame, version="3")


@pytest.mark.parametrize("is_alike", [True, False])
def test_wald_in_clusters_reaches_t_standard_errors_of_cr1(is_alike) -> None:
    """Student's t, not z; and never narrower than of independent answers."""
    import polars as pl

    rng = np.random.default_rng(8)
    scores = np.repeat(rng.choice([3, 8, 10], 12), 5) if is_alike else np.tile([3, 8, 10, 9, 5], 12)
    scores[0] = 9
    frame = pl.DataFrame({"score": scores, "shop": np.repeat(np.arange(12), 5)})
    found = measure.nps(frame, cluster="shop", method="wald")

    worth = (scores >= 9).astype(float) - (scores <= 6)
    totals = (worth - worth.mean()).reshape(12, 5).sum(axis=1)
    cr1 = math.sqrt(12 / 11 * (totals**2).sum()) / 60 * math.sqrt(59 / 60)
    naive = worth.std() / math.sqrt(60)  # the divisors of the two differ by one answer
    assert (cr1 > naive) == is_alike
    margin = 100 * float(stdtrit(11, 0.975)) * max(cr1, naive)
    assert (found.high - found.low) / 2 == pytest.approx(margin, rel=1e-9)
