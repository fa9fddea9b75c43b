import itertools
import json
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import drivers as published
from tests.reference import drivers_of_many as many

from kokemus.measure import (
    NegativeWeights,
    NoPredictors,
    NotNumbers,
    NotSettled,
    TooManyPredictors,
    UnknownColumn,
    drivers,
    drivers_from_correlation,
    drivers_from_gram,
)
from kokemus.measure._importance import share_variance
from kokemus.measure._subset_tree import sum_shapley_gradient

METHODS = ["lmg", "johnson", "pratt", "car", "first", "last", "beta_squared"]
SAMPLES = {"swiss": published.SWISS, "mobi": published.MOBI}


def from_published(sample, **options):
    return drivers_from_correlation(
        sample["correlation"],
        names=[sample["outcome"], *sample["predictors"]],
        outcome=sample["outcome"],
        answers=sample["answers"],
        **options,
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_published_shares_are_met(name, method) -> None:
    sample = SAMPLES[name]
    found = from_published(sample, method=method)
    assert list(found.share) == sample["predictors"]
    assert list(found.share.values()) == pytest.approx(sample[method], abs=1e-12)
    assert found.r_squared == pytest.approx(sample["r_squared"], abs=1e-12)


@pytest.mark.parametrize("players", [10, 15, 20])
def test_the_shares_of_many_are_met(players) -> None:
    matrix = np.eye(players + 1)
    for row, values in enumerate(getattr(many, f"LOWER_{players}"), start=1):
        matrix[row, :row] = matrix[:row, row] = values
    names = [f"x{place}" for place in range(players)]
    found = drivers_from_correlation(matrix, names=[*names, "y"], outcome="y")
    assert list(found.share.values()) == pytest.approx(getattr(many, f"LMG_{players}"), abs=1e-10)
    assert found.r_squared == pytest.approx(getattr(many, f"R_SQUARED_{players}"), abs=1e-10)


@pytest.mark.parametrize(
    ("alias", "method"),
    [
        ("shapley", "lmg"),
        ("general_dominance", "lmg"),
        ("genizi", "johnson"),
        ("zero_order", "first"),
    ],
)
def test_a_method_has_the_names_that_the_field_gives_it(alias, method) -> None:
    assert from_published(published.SWISS, method=alias) == from_published(
        published.SWISS, method=method
    )


def test_an_unknown_method_is_said() -> None:
    with pytest.raises(ValueError, match=r"no method 'lgm'; there are .*johnson"):
        from_published(published.SWISS, method="lgm")


def shapley_by_refitting(matrix, widths):
    """The definition: the average over all orders of what each player adds to R²."""
    ends = np.cumsum([0, *widths])
    columns = [list(range(a, b)) for a, b in itertools.pairwise(ends)]

    def explained(players) -> float:
        chosen = [column for player in players for column in columns[player]]
        if not chosen:
            return 0.0
        toward = matrix[chosen, -1]
        return float(toward @ np.linalg.pinv(matrix[np.ix_(chosen, chosen)]) @ toward)

    shares = np.zeros(len(widths))
    orders = list(itertools.permutations(range(len(widths))))
    for order in orders:
        for place, player in enumerate(order):
            shares[player] += explained(order[: place + 1]) - explained(order[:place])
    return shares / len(orders)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_lmg_is_the_average_over_orders_with_groups_too(seed, widths) -> None:
    rows = np.random.default_rng(seed).normal(size=(40, sum(widths) + 1))
    matrix = np.corrcoef((rows + rows[:, :1]).T)
    assert share_variance(matrix, widths, "lmg") == pytest.approx(
        shapley_by_refitting(matrix, widths), abs=1e-10
    )


def test_the_gradient_is_that_of_small_changes() -> None:
    matrix = np.roll(np.array(published.MOBI["correlation"]), (-1, -1), (0, 1))
    widths = [2, 1, 3, 1, 1, 2]
    _, slopes = sum_shapley_gradient(matrix, widths)
    step = np.zeros_like(matrix)
    for a, b in [(0, 1), (1, 5), (3, 10), (4, 4), (10, 10)]:
        step[:] = 0
        step[a, b] = step[b, a] = 1e-6
        rise = share_variance(matrix + step, widths, "lmg")
        rise = (rise - share_variance(matrix - step, widths, "lmg")) / 2e-6
        assert (slopes * step).sum(axis=(1, 2)) / 1e-6 == pytest.approx(rise, abs=1e-7)


ROWS = {
    "overall": [9, 7, 4, 8, 2, 6, 9, 5, 3, 8, 7, 1, 10, 6, None, 4],
    "food": [5, 4, 2, 4, 1, 3, 5, 2, 2, 5, 3, 1, 5, 4, 3, float("nan")],
    "staff": [4.0, 4.0, 3.0, 5.0, 2.0, 3.0, 4.0, None, 1.0, 4.0, 5.0, 2.0, 5.0, 3.0, 4.0, 2.0],
    "region": [*list("aabbccabcabcabc"), None],
    "member": [True, False, True, True, False, None, True, False] * 2,
    "w": [1.0, 2.0, 1.0, 0.5, 1.0, 3.0, 1.0, 1.0, 2.0, 1.0, None, 1.0, 1.0, 0.0, 1.0, 1.0],
}
PREDICTORS = ["food", "staff", "region", "member"]


def known_listwise():
    """Fit the complete rows by plain least squares on a design written by hand."""
    columns = zip(*ROWS.values(), strict=True)
    rows = [row for row in columns if not any(v is None or v != v for v in row) and row[-1] > 0]
    y, food, staff, region, member, w = (np.array(column) for column in zip(*rows, strict=True))
    design = np.stack([food, staff, region == "b", region == "c", member, y], axis=1).astype(float)
    w = w.astype(float)
    middle = w @ design / w.sum()
    matrix = (design - middle).T @ ((design - middle) * w[:, None])
    scale = np.sqrt(np.diag(matrix))
    matrix = matrix / np.outer(scale, scale)
    return shapley_by_refitting(matrix, [1, 1, 2, 1]), len(rows)


def test_every_kind_of_frame_gives_the_same(make_frame) -> None:
    frame = make_frame(ROWS)
    found = drivers(frame, outcome="overall", predictors=PREDICTORS, weight="w", missing="listwise")
    shares, answers = known_listwise()
    assert found.share == pytest.approx(dict(zip(PREDICTORS, shares, strict=True)), abs=1e-9)
    assert (found.answers, found.complete_answers) == (answers, answers)
    polars = drivers(
        pl.DataFrame(ROWS, strict=False),
        outcome="overall",
        predictors=PREDICTORS,
        weight="w",
        missing="listwise",
    )
    assert list(found.intervals.values()) == [
        pytest.approx(limits, abs=1e-9) for limits in polars.intervals.values()
    ]
    em = drivers(frame, outcome="overall", predictors=["food", "staff"], cluster="region")
    expected = drivers(
        pl.DataFrame(ROWS, strict=False),
        outcome="overall",
        predictors=["food", "staff"],
        cluster="region",
    )
    assert em.to_dict()["share"] == pytest.approx(expected.share, abs=1e-9)
    assert em.clusters == 4


def ratings(rows=300, seed=1, columns=3):
    generator = np.random.default_rng(seed)
    latent = generator.normal(size=(rows, columns)) + 0.8 * generator.normal(size=(rows, 1))
    x = np.clip(np.round(3.6 + latent), 1, 5)
    y = x @ np.linspace(0.3, 0.9, columns) + generator.normal(size=rows)
    data = {f"x{place}": x[:, place] for place in range(columns)}
    return pl.DataFrame(data | {"y": np.clip(np.round(y), 0, 10), "g": np.arange(rows) % 7})


NAMES = ["x0", "x1", "x2"]


def same(one, other) -> None:
    assert other.share == pytest.approx(one.share, abs=1e-9)
    for name, limits in one.intervals.items():
        assert other.intervals[name] == pytest.approx(limits, abs=1e-9)
    assert other.r_squared_interval == pytest.approx(one.r_squared_interval, abs=1e-9)


@settings(max_examples=5)
@given(st.integers(0, 1000), st.sampled_from(["em", "listwise"]))
def test_the_order_of_rows_changes_nothing(seed, missing) -> None:
    frame = ratings(1500).with_columns(x1=pl.when(pl.col("y") != 4).then(pl.col("x1")))
    shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
    options = {"outcome": "y", "predictors": NAMES, "missing": missing}
    same(drivers(frame, **options), drivers(shuffled, **options))


def test_weights_of_one_equal_no_weights() -> None:
    frame = ratings().with_columns(w=1.0)
    same(
        drivers(frame, outcome="y", predictors=NAMES),
        drivers(frame, outcome="y", predictors=NAMES, weight="w"),
    )


def test_a_weight_of_two_counts_a_row_twice_in_the_shares() -> None:
    frame = ratings(40).with_columns(w=pl.int_range(40) % 3)
    twice = pl.concat([frame.filter(pl.col("w") >= count) for count in (1, 2)])
    weighted = drivers(frame, outcome="y", predictors=NAMES, weight="w")
    assert weighted.share == pytest.approx(
        drivers(twice, outcome="y", predictors=NAMES).share, abs=1e-12
    )
    assert weighted.answers == 26


@pytest.mark.parametrize("method", ["lmg", "johnson", "pratt", "car"])
def test_shares_sum_to_r_squared(method) -> None:
    frame = ratings().with_columns(g=pl.col("g").cast(pl.String))
    found = drivers(frame, outcome="y", predictors=[*NAMES, "g"], method=method)
    assert sum(found.share.values()) == pytest.approx(found.r_squared, abs=1e-12)


def test_grams_of_parts_add_up() -> None:
    frame = ratings()

    def gram(part):
        rows = np.column_stack([np.ones(len(part)), part.select(*NAMES, "y").to_numpy()])
        return rows.T @ rows

    parts = gram(frame[:100]) + gram(frame[100:])
    found = drivers_from_gram(parts, names=[*NAMES, "y"], outcome="y")
    whole = drivers(frame, outcome="y", predictors=NAMES)
    assert found.share == pytest.approx(whole.share, abs=1e-10)
    assert found.answers == whole.answers


def test_scale_and_place_of_the_columns_change_nothing() -> None:
    frame = ratings()
    moved = frame.with_columns(x0=1.7e9 + 3 * pl.col("x0"), y=pl.col("y") * 0.01 - 5)
    same(
        drivers(frame, outcome="y", predictors=NAMES),
        drivers(moved, outcome="y", predictors=NAMES),
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_coding_of_a_factor_changes_nothing(method) -> None:
    frame = ratings().with_columns(word=pl.col("g").replace_strict(dict(enumerate("gfedcba"))))
    options = {"outcome": "y", "method": method}
    words = drivers(frame, predictors=["x0", "x1", "word"], **options)
    codes = drivers(frame, predictors=["x0", "x1", "g"], categorical=["g"], **options)
    dummies = [(pl.col("g") == level).alias(f"is_{level}") for level in range(6)]
    by_hand = drivers(
        frame.with_columns(dummies),
        predictors=["x0", "x1"],
        groups={"g": [f"is_{level}" for level in range(6)]},
        **options,
    )
    for other in (codes, by_hand):
        assert list(other.share.values()) == pytest.approx(list(words.share.values()), abs=1e-9)
        for one, another in zip(words.intervals.values(), other.intervals.values(), strict=True):
            assert another == pytest.approx(one, abs=1e-7)


def test_words_categories_and_booleans_are_factors() -> None:
    frame = ratings().with_columns(
        word=pl.col("g").cast(pl.String), flag=pl.col("g") > 3, dozen=pl.lit("same")
    )
    frame = frame.with_columns(kind=pl.col("word").cast(pl.Categorical))
    words = drivers(frame, outcome="y", predictors=["x0", "word"])
    kinds = drivers(frame, outcome="y", predictors=["x0", "kind"])
    assert list(kinds.share.values()) == pytest.approx(list(words.share.values()), abs=1e-12)
    digits = pl.Enum([str(level) for level in reversed(range(7))])
    listed = drivers(
        frame.with_columns(pl.col("word").cast(digits)), outcome="y", predictors=["x0", "word"]
    )
    assert listed.share == pytest.approx(words.share, abs=1e-12)
    flags = drivers(frame, outcome="y", predictors=["x0", "flag"])
    numbers = drivers(
        frame.with_columns(pl.col("flag").cast(pl.Int8)), outcome="y", predictors=["x0", "flag"]
    )
    same(flags, numbers)
    assert drivers(frame, outcome="y", predictors=["x0", "dozen"]).share["dozen"] == 0.0


def test_groups_stand_where_their_first_column_stands() -> None:
    options = {"outcome": "y", "groups": {"both": ["x0", "x2"]}}
    by_columns = drivers(ratings(), predictors=NAMES, **options)
    by_name = drivers(ratings(), predictors=["both", "x1"], **options)
    assert list(by_columns.share) == ["both", "x1"]
    assert by_columns == by_name


def test_copies_share_equally_and_keep_their_intervals() -> None:
    frame = ratings().with_columns(copy=pl.col("x1") * 2 + 1)
    once = drivers(frame, outcome="y", predictors=NAMES)
    for method in ("lmg", "johnson", "pratt"):
        found = drivers(frame, outcome="y", predictors=[*NAMES, "copy"], method=method)
        assert found.share["copy"] == pytest.approx(found.share["x1"], abs=1e-10)
        assert found.r_squared == pytest.approx(once.r_squared, abs=1e-10)
    assert drivers(frame, outcome="y", predictors=["x1", "copy"]).intervals["x1"] != (None, None)


def test_em_meets_the_closed_form_of_a_monotone_pattern() -> None:
    """Anderson (1957): with x always there, the regression comes of the complete rows."""
    frame = ratings(60).with_columns(y=pl.when(pl.col("x0") + pl.col("g") < 8).then(pl.col("y")))
    both = frame.drop_nulls("y")
    x, y, every = (part.to_numpy() for part in (both["x0"], both["y"], frame["x0"]))
    slope = np.cov(x, y, bias=True)[0, 1] / x.var()
    explained = slope**2 * every.var()
    left = y.var() - slope**2 * x.var()
    found = drivers(frame, outcome="y", predictors=["x0"])
    assert found.r_squared == pytest.approx(explained / (explained + left), abs=1e-9)
    assert (found.answers, found.complete_answers) == (60, len(both))


def test_listwise_leaves_out_what_lacks_an_item() -> None:
    frame = ratings().with_columns(x1=pl.when(pl.col("y") != 5).then(pl.col("x1")))
    found = drivers(frame, outcome="y", predictors=NAMES, missing="listwise")
    same(drivers(frame.drop_nulls(), outcome="y", predictors=NAMES), found)
    assert drivers(frame, outcome="y", predictors=NAMES).answers == 300


def test_a_ranking_goes_as_far_as_intervals_of_differences_part() -> None:
    generator = np.random.default_rng(3)
    x = generator.normal(size=(2000, 4))
    y = x @ [1.0, 0.98, 0.3, 0.29] + generator.normal(size=2000)
    frame = pl.DataFrame({name: x[:, place] for place, name in enumerate("abcd")} | {"y": y})
    found = drivers(frame, outcome="y", predictors=list("abcd"))
    assert [set(tier) for tier in found.ranking] == [{"a", "b"}, {"c", "d"}]
    assert found.difference("a", "c").low > 0
    few = drivers(frame[:60], outcome="y", predictors=["a", "b"])
    assert few.ranking is None
    assert str(few).endswith("the intervals overlap: no ranking")


def test_what_cannot_be_told_is_said() -> None:
    nothing = pl.DataFrame({"x": [None, None], "y": [None, None]}, schema={"x": float, "y": float})
    found = drivers(nothing, outcome="y", predictors=["x"])
    assert (found.share, found.r_squared, found.reason) == ({}, None, "no answers")
    equal = pl.DataFrame({"x": [1, 2, 3], "y": [5, 5, 5]})
    found = drivers(equal, outcome="y", predictors=["x"])
    assert str(found) == "drivers of y by lmg: cannot tell, the outcome does not vary"
    one = drivers(equal[:1], outcome="y", predictors=["x"])
    assert one.reason == "one answer"
    few = drivers(ratings(5), outcome="y", predictors=NAMES)
    assert few.intervals == dict.fromkeys(NAMES, (None, None))
    assert "5 answers are too few for 3 columns" in str(few)
    alone = drivers(ratings().with_columns(g=1), outcome="y", predictors=NAMES, cluster="g")
    assert (alone.ranking, alone.reason) == (None, "one cluster")


def test_columns_that_nothing_ties_are_said() -> None:
    half = pl.int_range(300) < 150
    frame = ratings().with_columns(
        pl.when(half).then(pl.col("x0")), pl.when(~half).then(pl.col("x1")), x2=pl.lit(None, float)
    )
    with pytest.raises(NotSettled, match="'x0' and 'x1' are never answered together"):
        drivers(frame, outcome="y", predictors=["x0", "x1"])
    with pytest.raises(NotSettled, match="'x2' is never answered"):
        drivers(frame, outcome="y", predictors=["x2"])
    found = drivers(frame, outcome="x2", predictors=["x0"])
    assert (found.r_squared, found.reason) == (None, "no answers")


def test_wrong_columns_are_said() -> None:
    frame = ratings(20).with_columns(day=pl.date(2026, 1, 1), word=pl.lit("a"), w=-1.0)
    with pytest.raises(UnknownColumn, match="x9"):
        drivers(frame, outcome="y", predictors=["x9"])
    with pytest.raises(NotNumbers, match="'day'"):
        drivers(frame, outcome="y", predictors=["day"])
    with pytest.raises(NotNumbers, match="'word'"):
        drivers(frame, outcome="word", predictors=["x0"])
    with pytest.raises(NegativeWeights):
        drivers(frame, outcome="y", predictors=["x0"], weight="w")
    for wrong in (
        {"predictors": []},
        {"predictors": ["y"]},
        {"groups": {"a": ["x0"], "b": ["x0"]}},
    ):
        with pytest.raises(NoPredictors):
            drivers(frame, outcome="y", **wrong)
    with pytest.raises(ValueError, match="missing must be one of"):
        drivers(frame, outcome="y", predictors=["x0"], missing="pairwise")
    with pytest.raises(NoPredictors, match="no column 'b'"):
        drivers_from_gram(np.eye(3), names=["a", "y"], outcome="y", predictors=["b"])
    with pytest.raises(ValueError, match="4 by 4, not 3 by 3"):
        drivers_from_gram(np.eye(3), names=["a", "b", "y"], outcome="y")
    names = [*(f"x{place}" for place in range(27)), "y"]
    with pytest.raises(TooManyPredictors, match="27 predictors"):
        drivers_from_correlation(np.eye(28), names=names, outcome="y")


def test_results_are_plain_json_and_tables_and_charts() -> None:
    found = drivers(ratings(), outcome="y", predictors=NAMES)
    assert json.loads(json.dumps(found.to_dict()))["share"] == found.share
    assert "<th>x0</th>" in found._repr_html_()
    assert found.plot().to_dict()["layer"]


def true_shares(draw):
    x, y = draw(np.random.default_rng(99), 1_000_000)
    shares = share_variance(np.corrcoef(np.column_stack([x, y]).T), [1] * x.shape[1], "lmg")
    return [*shares, shares.sum()]


def draw_ratings(generator, rows, clusters=0):
    """Ratings heaped at the top of 1 to 5, an outcome of 0 to 10 cut at both ends."""
    latent = 0.65 * generator.normal(size=(rows, 1)) + 0.75 * generator.normal(size=(rows, 3))
    noise = generator.normal(size=rows)
    if clusters:
        place = np.arange(rows) % clusters
        latent = 0.7 * generator.normal(size=(clusters, 3))[place] + 0.7 * latent
        noise = 0.7 * generator.normal(size=clusters)[place] + 0.7 * noise
    x = np.digitize(latent, [-1.6, -0.9, -0.2, 0.6]) + 1.0
    return x, np.clip(np.round(3 + x @ [0.2, 0.4, 0.6] + noise), 0, 10)


def covers(found, truth) -> list[bool]:
    limits = [*found.intervals.values(), found.r_squared_interval]
    return [low <= value <= high for (low, high), value in zip(limits, truth, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "em", "weighted", "clusters"])
def test_intervals_cover_what_they_say(kind) -> None:
    """300 answers (400 in 40 clusters), 250 samples: shares and R² pooled, 93 to 97 %."""
    truth = true_shares(draw_ratings)
    if kind == "clusters":
        truth = true_shares(lambda generator, rows: draw_ratings(generator, rows, 100_000))
    hits = []
    for seed in range(250):
        generator = np.random.default_rng([7, seed])
        x, y = draw_ratings(generator, *((400, 40) if kind == "clusters" else (300,)))
        frame = pl.DataFrame({"y": y, "c": np.arange(len(y)) % 40})
        frame = frame.with_columns(w=generator.choice([0.5, 1.0, 2.0], len(y)))
        if kind == "em":  # at random given the last predictor, which is always there
            is_gone = generator.random(x.shape) < 0.25
            is_gone[:, 0] |= (x[:, 2] >= 4) & (generator.random(len(y)) < 0.5)
            is_gone[:, 2] = False
            x = np.where(is_gone, math.nan, x)
        frame = frame.with_columns(pl.Series(f"x{place}", x[:, place]) for place in range(3))
        options = {"weighted": {"weight": "w"}, "clusters": {"cluster": "c"}}.get(kind, {})
        hits.append(covers(drivers(frame, outcome="y", predictors=NAMES, **options), truth))
    assert 0.93 <= np.mean(hits) <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("method", ["lmg", "johnson", "pratt", "first", "beta_squared"])
def test_intervals_from_a_gram_cover_what_they_say(method) -> None:
    generator = np.random.default_rng(12)
    mixing = np.linalg.cholesky(0.5 * np.eye(4) + 0.5)
    mixing[3] = [0.5, 0.6, 0.8, 0.8]
    truth = mixing @ mixing.T
    scale = np.sqrt(np.diag(truth))
    expected = share_variance(truth / np.outer(scale, scale), [1, 1, 1], method)
    hits = []
    for _ in range(400):
        rows = np.column_stack([np.ones(300), generator.normal(size=(300, 4)) @ mixing.T])
        found = drivers_from_gram(rows.T @ rows, names=list("abcy"), outcome="y", method=method)
        limits = found.intervals.values()
        hits.append([low <= v <= high for (low, high), v in zip(limits, expected, strict=True)])
    assert 0.93 <= np.mean(hits) <= 0.97
