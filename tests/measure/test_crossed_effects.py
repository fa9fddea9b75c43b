"""Attribution: lme4's figures, a dense model written apart, all dataframes, coverage."""

import json
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from tests.reference import lme4

from kokemus import measure
from kokemus.measure.crossed_effects import CannotAttribute, TooManyLevels


def make_ratings(rows, levels_a, levels_b, levels_c, *, seed):
    """Ratings 0 to 10 with three crossed random intercepts and one covariate."""
    random = np.random.default_rng(seed)
    a, b, c = (random.integers(0, size, rows) for size in (levels_a, levels_b, levels_c))
    x = random.normal(size=rows).round(3)
    mean = 7.5 + 0.3 * x + 0.45 * random.normal(size=levels_a)[a]
    mean = mean + 0.9 * random.normal(size=levels_b)[b]
    mean = mean + 0.35 * random.normal(size=levels_c)[c]
    y = np.clip(np.rint(mean + 1.6 * random.normal(size=rows)), 0, 10).astype(int)
    return pl.DataFrame({"y": y, "x": x, "a": a, "b": b, "c": c})


def sums_of(totals, answers):
    return np.array([[answers, total] for total in totals.values()], float)


def counts_of_dyestuff():
    sums = sums_of(lme4.DYESTUFF_SUMS, 5)
    return measure.CrossedCounts(
        gram=np.array([[30.0, sums[:, 1].sum()], [sums[:, 1].sum(), lme4.DYESTUFF_SQUARES]]),
        levels={"batch": list(lme4.DYESTUFF_SUMS)},
        sums={"batch": sums},
        pairs={},
    )


def counts_of_penicillin():
    plates, samples = np.divmod(np.arange(144), 6)
    total = sum(lme4.PENICILLIN_SAMPLES.values())
    return measure.CrossedCounts(
        gram=np.array([[144.0, total], [total, lme4.PENICILLIN_SQUARES]]),
        levels={"sample": list(lme4.PENICILLIN_SAMPLES), "plate": list(lme4.PENICILLIN_PLATES)},
        sums={
            "sample": sums_of(lme4.PENICILLIN_SAMPLES, 24),
            "plate": sums_of(lme4.PENICILLIN_PLATES, 6),
        },
        pairs={("sample", "plate"): (samples, plates, np.ones(144))},
    )


def check(found, reference, *, rel=1e-4):
    assert found.variance == pytest.approx(reference["variance"], rel=rel)
    assert found.reml_criterion == pytest.approx(reference["criterion"], abs=1e-5, rel=0)
    assert found.coefficients == pytest.approx(reference["coefficients"], rel=1e-5)
    assert found.standard_errors == pytest.approx(reference["standard_errors"], rel=1e-4)


def test_dyestuff_equals_lme4() -> None:
    found = measure.attribution_from_counts(counts_of_dyestuff(), outcome="yield")
    check(found, lme4.DYESTUFF)
    estimates = {level: effect for level, (effect, _) in found.effects["batch"].items()}
    assert estimates == pytest.approx(lme4.DYESTUFF["effects"], abs=1e-4)


def test_penicillin_equals_lme4() -> None:
    found = measure.attribution_from_counts(counts_of_penicillin(), outcome="diameter")
    check(found, lme4.PENICILLIN)
    estimates = {level: effect for level, (effect, _) in found.effects["sample"].items()}
    assert estimates == pytest.approx(lme4.PENICILLIN["effects"], abs=1e-4)


def test_three_crossed_factors_of_200_000_rows_equal_lme4() -> None:
    frame = make_ratings(200_000, 2000, 200, 40, seed=1)
    found = measure.attribution(frame, "y", factors=["a", "b", "c"], covariates=["x"])
    check(found, lme4.A)
    effects, errors = zip(*(found.effects["a"][level] for level in range(25)), strict=True)
    assert effects == pytest.approx(lme4.A_EFFECTS, abs=1e-5)
    assert np.square(errors) == pytest.approx(lme4.A_CONDITIONAL_VARIANCES, rel=1e-5)


@pytest.mark.slow
def test_a_factor_of_40_000_levels_equals_lme4() -> None:
    frame = make_ratings(200_000, 2000, 40_000, 40, seed=2)
    found = measure.attribution(frame, "y", factors=["a", "b", "c"], covariates=["x"])
    check(found, lme4.B_CONVERGED, rel=1e-5)
    # With its own settings lme4 stops early: "c" then differs by 1.045e-4, and the slope of the
    # criterion by the logarithms of the ratios is (-0.071, -0.030, -0.004) there, (-7e-5, 1e-5,
    # 5e-8) here. A tolerance of 1e-10 instead of 1e-4 moves no variance by 2e-8 of itself.
    check(found, lme4.B, rel=1.1e-4)
    assert found.reml_criterion < lme4.B["criterion"]
    effects, _ = zip(*(found.effects["a"][level] for level in range(25)), strict=True)
    assert effects == pytest.approx(lme4.B_EFFECTS, abs=1e-5)


def rows_of(seed, size=120):
    """Rows of two crossed factors, a number, a word and a weight, without gaps."""
    random = np.random.default_rng(seed)
    staff, team = random.integers(0, 7, size), random.integers(0, 4, size)
    x, word = random.normal(size=size), random.integers(0, 3, size)
    y = 7 + 0.4 * x - 0.5 * (word == 1) + random.normal(size=7)[staff]
    y = y + 0.7 * random.normal(size=4)[team] + random.normal(size=size)
    return {
        "y": y.tolist(),
        "x": x.tolist(),
        "word": [("mail", "phone", "visit")[value] for value in word],
        "staff": [f"staff {value}" for value in staff],
        "team": [f"team {value}" for value in team],
        "w": (1 + random.integers(0, 3, size)).astype(float).tolist(),
    }


def dense_criterion(variances, rows, *, weights=None, restricted=True):
    """The criterion with the whole covariance matrix of the rows, and what follows from it."""
    y, x = np.array(rows["y"]), np.array(rows["x"])
    words = np.array(rows["word"])
    fixed = np.column_stack([np.ones(len(y)), x, words == "phone", words == "visit"]).astype(float)
    w = np.ones(len(y)) if weights is None else np.array(weights)
    designs = [
        (np.array(rows[name])[:, None] == sorted(set(rows[name]))).astype(float)
        for name in ("staff", "team")
    ]
    covariance = variances[-1] * np.diag(1 / w)
    for variance, design in zip(variances, designs, strict=False):
        covariance = covariance + variance * design @ design.T
    inverse = np.linalg.inv(covariance)
    information = fixed.T @ inverse @ fixed
    slopes = np.linalg.solve(information, fixed.T @ inverse @ y)
    rest = y - fixed @ slopes
    freedom = len(y) - 4 * restricted
    criterion = np.linalg.slogdet(covariance)[1] + rest @ inverse @ rest
    criterion += freedom * math.log(2 * math.pi)
    criterion += np.linalg.slogdet(information)[1] * restricted
    effects = variances[0] * designs[0].T @ inverse @ rest
    return criterion, slopes, effects


@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("weight", [None, "w"])
def test_the_criterion_is_the_lowest_of_the_dense_model(method, weight) -> None:
    rows = rows_of(5)
    options = {"weights": rows[weight] if weight else None, "restricted": method == "reml"}
    found = measure.attribution(
        pl.DataFrame(rows),
        factors=["staff", "team"],
        covariates=["x", "word"],
        method=method,
        weight=weight,
    )
    variances = np.array(list(found.variance.values()))
    criterion, slopes, effects = dense_criterion(variances, rows, **options)
    assert found.reml_criterion == pytest.approx(criterion, abs=1e-8)
    assert list(found.coefficients) == ["(Intercept)", "x", "word=phone", "word=visit"]
    assert list(found.coefficients.values()) == pytest.approx(slopes.tolist(), abs=1e-8)
    assert [effect for effect, _ in found.effects["staff"].values()] == pytest.approx(
        effects.tolist(), abs=1e-8
    )
    slope = approx_fprime(variances, lambda v: dense_criterion(v, rows, **options)[0], 1e-6)
    assert slope * variances == pytest.approx(np.zeros(3), abs=1e-3)


def with_gaps(rows):
    """The same rows between others that lack something, as null and as NaN."""
    gap = {"y": 9.0, "x": 1.0, "word": "mail", "staff": "staff 1", "team": "team 1", "w": 1.0}
    gaps = [gap | {name: None} for name in gap]
    gaps += [gap | {name: math.nan} for name in ("y", "x", "w")] + [gap | {"w": 0.0}]
    return {name: [row[name] for row in gaps] + rows[name] for name in rows}, len(gaps)


def test_every_kind_of_frame_gives_the_same(make_frame) -> None:
    rows = rows_of(3, 60)
    known = measure.attribution(
        pl.DataFrame(rows),
        factors=["staff", ("team", "staff")],
        covariates=["word", "x"],
        weight="w",
    )
    gapped, gaps = with_gaps(rows)
    found = measure.attribution(
        make_frame(gapped),
        factors=["staff", ("team", "staff")],
        covariates=["word", "x"],
        weight="w",
    )
    assert (found.answers, found.missing) == (60, gaps)
    assert_same(found, known)


def assert_same(found, known):
    """Compare every number of two results."""
    flat, other = flatten(found.to_dict()), flatten(known.to_dict())
    for path in ("missing", "reml_criterion"):
        flat.pop(path), other.pop(path)
    assert found.reml_criterion == pytest.approx(known.reml_criterion, abs=1e-9)
    assert list(flat) == list(other)
    numbers = {path for path, value in flat.items() if isinstance(value, float)}
    assert [flat[path] for path in numbers] == pytest.approx(
        [other[path] for path in numbers], abs=1e-9, rel=1e-9
    )
    assert [flat[path] for path in flat if path not in numbers] == [
        other[path] for path in other if path not in numbers
    ]


def flatten(tree, path=""):
    if isinstance(tree, dict):
        pairs = tree.items()
    elif isinstance(tree, list):
        pairs = enumerate(tree)
    else:
        return {path: tree}
    found = {}
    for key, value in pairs:
        found |= flatten(value, f"{path}.{key}" if path else str(key))
    return found


@settings(max_examples=10)
@given(st.permutations(range(40)), st.integers(1, 39))
def test_order_and_splitting_of_rows_change_nothing(order, cut) -> None:
    frame = pl.DataFrame(rows_of(8, 40))
    known = measure.attribution(frame, factors=["staff", "team"])
    moved = frame[list(order)]
    split = pl.concat([moved[:cut], moved[cut:]])
    assert_same(measure.attribution(split, factors=["staff", "team"]), known)


def test_weights_of_1_equal_no_weights() -> None:
    frame = pl.DataFrame(rows_of(8, 80)).with_columns(one=1.0)
    known = measure.attribution(frame, factors=["staff", "team"], covariates=["x"])
    found = measure.attribution(frame, factors=["staff", "team"], covariates=["x"], weight="one")
    assert_same(found, known)


def test_large_numbers_lose_no_digits() -> None:
    rows = rows_of(8, 80)
    moved = rows | {"y": [1e9 + value for value in rows["y"]]}
    known = measure.attribution(pl.DataFrame(rows), factors=["staff"], covariates=["x"])
    found = measure.attribution(pl.DataFrame(moved), factors=["staff"], covariates=["x"])
    assert found.variance == pytest.approx(known.variance, rel=1e-5)
    assert found.coefficients["(Intercept)"] == pytest.approx(
        1e9 + known.coefficients["(Intercept)"], abs=1e-5
    )


def test_keys_of_every_kind_name_the_levels() -> None:
    rows = rows_of(2, 80)
    frame = pl.DataFrame(rows).with_columns(
        is_new=pl.col("x") > 0,
        real=pl.col("staff").str.slice(6).cast(pl.Float64) + 0.5,
        kind=pl.col("word").cast(pl.Categorical),
    )
    found = measure.attribution(frame, factors=["real", "kind"], covariates=["is_new"])
    assert list(found.effects["real"]) == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5]
    assert list(found.effects["kind"]) == ["mail", "phone", "visit"]
    assert list(found.coefficients) == ["(Intercept)", "is_new"]


def test_levels_of_one_name_in_two_teams_are_parted_by_both_columns() -> None:
    rows = rows_of(4, 200)
    found = measure.attribution(pl.DataFrame(rows), factors=["team", ("team", "staff")])
    assert list(found.effects) == ["team", "team:staff"]
    assert len(found.effects["team:staff"]) == 28
    assert found.sums["team:staff"]["team 0", "staff 0"][0] == sum(
        team == "team 0" and staff == "staff 0"
        for team, staff in zip(rows["team"], rows["staff"], strict=True)
    )


def test_a_variance_of_0_is_said_and_its_effects_are_0() -> None:
    y = [1.0, 2.0, 3.0, 4.0] * 6
    frame = pl.DataFrame({"y": y, "staff": [place // 4 for place in range(24)]})
    found = measure.attribution(frame, factors=["staff"])
    assert found.variance["staff"] == 0
    assert set(found.effects["staff"].values()) == {(0.0, 0.0)}
    assert found.shares["staff"].low == 0 < found.shares["staff"].high
    assert "staff: no variance found; its levels cannot be told apart" in found.notes
    ranking = found.rank("staff", minimum=1)
    assert {(level.marginal.low, level.marginal.high) for level in ranking.levels} == {(1, 6)}
    assert str(ranking) == "staff: indistinguishable, no two of 6 differ for sure"


def test_what_cannot_be_attributed_is_said() -> None:
    frame = pl.DataFrame(
        {"y": [1.0, 2.0, 3.0, 4.0], "same": [1] * 4, "own": [1, 2, 3, 4], "f": [1, 1, 2, 2]}
    )
    for factors, covariates, words in [
        (["same"], [], "one level"),
        (["own"], [], "a level per row"),
        (["f"], ["same"], "determine each other"),
    ]:
        with pytest.raises(CannotAttribute, match=words):
            measure.attribution(frame, factors=factors, covariates=covariates)
    with pytest.raises(CannotAttribute, match="all answers are equal"):
        measure.attribution(frame.with_columns(y=5.0), factors=["f"])
    with pytest.raises(CannotAttribute, match="0 complete rows"):
        measure.attribution(frame.with_columns(y=None), factors=["f"])
    with pytest.raises(measure.NegativeWeights, match="in 4 rows"):
        measure.attribution(frame.with_columns(w=-1.0), factors=["f"], weight="w")
    with pytest.raises(measure.UnknownColumn):
        measure.attribution(frame, factors=["g"])
    with pytest.raises(ValueError, match="method"):
        measure.attribution(frame, factors=["f"], method="mle")


def test_too_many_levels_are_refused_before_the_work() -> None:
    levels = {"a": range(9_000), "b": range(7_000)}
    counts = measure.CrossedCounts(
        gram=np.array([[50_000.0, 0.0], [0.0, 50_000.0]]),
        levels={name: list(part) for name, part in levels.items()},
        sums={name: np.ones((len(part), 2)) for name, part in levels.items()},
        pairs={("a", "b"): (np.array([0]), np.array([0]), np.array([1.0]))},
    )
    with pytest.raises(TooManyLevels, match="7,000 levels together, and 6,000"):
        measure.attribution_from_counts(counts)


def test_shares_sum_to_1_and_the_result_is_plain_json() -> None:
    found = measure.attribution(pl.DataFrame(rows_of(1)), factors=["staff", "team"])
    assert sum(share.estimate for share in found.shares.values()) == pytest.approx(1)
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert "staff" in found._repr_html_()
    assert str(found).startswith("y: 120 answers, REML criterion ")


def test_a_ranking_says_how_far_it_goes() -> None:
    random = np.random.default_rng(1)
    staff = np.repeat(np.arange(12), 50)
    truth = np.repeat([2.0, 0.0, -2.0], 4)
    frame = pl.DataFrame({"y": truth[staff] + random.normal(size=600), "staff": staff})
    ranking = measure.attribution(frame, factors=["staff"]).rank("staff")
    assert [set(group) for group in ranking.groups] == [{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}]
    assert ranking.told_apart == pytest.approx(48 / 66)
    assert {(level.simultaneous.low, level.simultaneous.high) for level in ranking.levels[:4]} == {
        (1, 4)
    }
    assert [level.rank for level in ranking.levels] == list(range(1, 13))
    assert json.loads(json.dumps(ranking.to_dict())) == ranking.to_dict()


def test_levels_with_few_answers_are_not_ranked() -> None:
    frame = pl.DataFrame({"y": [1.0, 2.0, 4.0] * 10, "staff": ["A"] * 14 + ["B"] * 12 + ["C"] * 4})
    ranking = measure.attribution(frame, factors=["staff"]).rank("staff")
    assert ranking.too_small == ("C",)
    assert {level.level for level in ranking.levels} == {"A", "B"}


def simulate_coverage(*, levels, per_level, variance, runs, seed):
    """How often the intervals of the share and of the effects cover, one factor, balanced."""
    random = np.random.default_rng(seed)
    truth = variance / (1 + variance)
    covered, effects = 0, 0
    for _ in range(runs):
        own = math.sqrt(variance) * random.normal(size=levels)
        y = own[:, None] + random.normal(size=(levels, per_level))
        sums = np.column_stack([np.full(levels, float(per_level)), y.sum(axis=1)])
        total = levels * per_level
        found = measure.attribution_from_counts(
            measure.CrossedCounts(
                gram=np.array([[total, y.sum()], [y.sum(), (y**2).sum()]]),
                levels={"staff": range(levels)},
                sums={"staff": sums},
                pairs={},
            )
        )
        share = found.shares["staff"]
        covered += share.low <= truth <= share.high
        limits = found.intervals("staff").values()
        effects += np.mean(
            [part.low <= value <= part.high for part, value in zip(limits, own, strict=True)]
        )
    return covered / runs, effects / runs


@pytest.mark.slow
@pytest.mark.parametrize(("levels", "per_level", "variance"), [(10, 5, 0.5), (40, 8, 0.1)])
def test_the_intervals_cover_as_they_say(levels, per_level, variance) -> None:
    share, effects = simulate_coverage(
        levels=levels, per_level=per_level, variance=variance, runs=400, seed=7
    )
    assert 0.93 <= share <= 0.995  # more, for what is estimated as 0
    assert 0.92 <= effects <= 0.97
