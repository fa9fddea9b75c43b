import math

import numpy as np
import pytest
from tests.measure.test_hazards import ROWS, simulate
from tests.reference import telco_survival as telco

from kokemus import measure

# Invented, with the identity that makes it exact: 0.30 = EGR 0.12 + bought 0.18.
EXAMPLE = {"before": 100.0, "returning": 106.0, "new": 24.0, "earned": 25, "asked": 100}
UNTOLD = measure.Estimate(None, None, None)


def test_the_value_of_a_class_is_the_discounted_sum_of_its_curve() -> None:
    found = measure.class_value_from_counts(telco.COUNTS, margin=30, discount=0.01, horizon=60)
    curves = measure.kaplan_meier_from_counts(telco.COUNTS)
    for contract in telco.CONTRACTS:
        known = sum(30 * curves[contract].at(t).estimate / 1.01**t for t in range(1, 61))
        assert found.values[contract].estimate == pytest.approx(known, rel=1e-12)
    # Undiscounted at a margin of 1 it is the restricted mean, less the first period's half.
    plain = measure.class_value_from_counts(telco.COUNTS)
    means = measure.rmst_from_counts(telco.COUNTS)
    last = curves["One year"].at(72).estimate
    value = plain.values["One year"].estimate
    assert value == pytest.approx(means.means["One year"].estimate - 1 + last, rel=1e-12)
    assert (plain.horizon, plain.rows) == (72, means.rows)


def test_the_value_of_a_class_is_the_same_on_every_kind_of_frame(make_frame) -> None:
    margins = {"monthly": 10, "yearly": 5}
    found = measure.class_value(make_frame(ROWS), margin=margins, discount=0.1, horizon=4)
    # Of 6 monthly one is lost at 2, of 5 one at 3; no yearly one before 5.
    stays = [1, 5 / 6, 5 / 6 * 4 / 5, 5 / 6 * 4 / 5]
    monthly = sum(10 * share / 1.1**t for t, share in enumerate(stays, start=1))
    assert found.values["monthly"].estimate == pytest.approx(monthly, abs=1e-9)
    yearly = sum(5 / 1.1**t for t in range(1, 5))
    low = yearly * 0.025 ** (1 / 4)
    assert found.values["yearly"] == measure.Estimate(
        pytest.approx(yearly), pytest.approx(low), pytest.approx(yearly)
    )
    assert (found.missing, found.empty, found.standard_errors["yearly"]) == (4, 0, None)


def test_a_class_followed_for_less_has_no_value() -> None:
    counts = {"a": {2: (9, 1), 9: (2, 0)}, "b": {2: (9, 1), 4: (3, 1)}}
    found = measure.class_value_from_counts(counts, horizon=6)
    assert found.values["b"] == UNTOLD
    assert "b: cannot tell in 6 periods" in str(found)
    assert measure.class_value_from_counts(counts).horizon == 4
    assert str(measure.class_value_from_counts({})) == "cannot tell: no rows"
    with pytest.raises(measure.NotFollowUp, match="class 'b' has no margin"):
        measure.class_value_from_counts(counts, margin={"a": 1})
    with pytest.raises(ValueError, match="discount must be over -1"):
        measure.class_value_from_counts(counts, discount=-1)


def test_earned_growth_of_the_example() -> None:
    found = measure.earned_growth_from_sums(**EXAMPLE)
    rates = (
        found.net_revenue_retention,
        found.earned_new.estimate,
        found.earned_growth.estimate,
        found.growth,
        found.bought_new.estimate,
    )
    assert rates == pytest.approx((1.06, 0.06, 0.12, 0.3, 0.18), abs=1e-12)
    low, high = measure.intervals.wilson_interval(25, 100)
    assert found.earned_growth.low == pytest.approx(0.06 + 0.24 * low, abs=1e-12)
    assert found.bought_new.high == pytest.approx(0.24 * (1 - low), abs=1e-12)
    assert found.earned_share == measure.Estimate(0.25, low, high)
    assert (found.worst, found.best, found.customers) == (None, None, None)


def test_earned_growth_is_the_same_on_every_kind_of_frame(make_frame) -> None:
    rows = {
        "before": [40.0, 30, 20, 10, None, math.nan, 0, None, None, None],
        "now": [45.0, 33, 28, None, 4, 8, 4, 8, None, math.nan],
        "earned": [1, None, 0, None, 1, 0, None, None, None, 1],
    }
    found = measure.earned_growth(make_frame(rows))
    assert found.net_revenue_retention == pytest.approx(1.06)
    assert found.earned_share.estimate == pytest.approx(4 / 12)
    assert found.earned_growth.estimate == pytest.approx(1.06 + 0.24 / 3 - 1)
    assert found.growth == pytest.approx(0.3)
    trials = 12**2 / (4**2 + 8**2) / (1 - 2 / 4)
    low, high = measure.intervals.wilson_interval(trials / 3, trials)
    assert (found.earned_share.low, found.earned_share.high) == pytest.approx((low, high))
    assert (found.worst, found.best) == pytest.approx((0.06 + 0.04, 0.06 + 0.04 + 0.12))
    assert (found.asked, found.customers, found.missing) == (2, 4, 2)


def test_earned_growth_without_new_customers_or_without_asking() -> None:
    none = measure.earned_growth_from_sums(before=50, returning=45, new=0, earned=0, asked=0)
    assert none.earned_growth == measure.Estimate(
        pytest.approx(-0.1), pytest.approx(-0.1), pytest.approx(-0.1)
    )
    unasked = measure.earned_growth_from_sums(
        before=50, returning=45, new=9, earned=0, asked=0, customers=5
    )
    assert unasked.earned_growth == UNTOLD
    assert (unasked.worst, unasked.best) == pytest.approx((-0.1, 0.08))
    everyone = measure.earned_growth_from_sums(**EXAMPLE | {"customers": 100})
    assert everyone.earned_share == measure.Estimate(0.25, 0.25, 0.25)
    nothing = measure.earned_growth_from_sums(**EXAMPLE | {"before": 0})
    assert str(nothing) == "cannot tell: no revenue in the last period"
    with pytest.raises(ValueError, match="is not possible"):
        measure.earned_growth_from_sums(**EXAMPLE | {"customers": 99})


def test_earned_growth_names_what_cannot_be() -> None:
    import polars as pl

    frame = pl.DataFrame({"before": [1.0, None], "now": [2.0, 3.0], "earned": [None, 2]})
    with pytest.raises(ValueError, match="'earned' has other numbers than 0 and 1"):
        measure.earned_growth(frame)
    with pytest.raises(ValueError, match="1 rows have a revenue below 0"):
        measure.earned_growth(frame.with_columns(now=pl.Series([-2.0, 3.0])))


def test_word_and_deed_are_the_same_on_every_kind_of_frame(make_frame) -> None:
    rows = {
        "score": [10, 9, 9, 10, 8, 7, 7, 6, 3, 0, None, 9],
        "done": [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, math.nan],
    }
    found = measure.said_versus_done(make_frame(rows))
    assert {name: (each.said, each.did) for name, each in found.classes.items()} == {
        "detractor": (3, 0),
        "passive": (3, 1),
        "promoter": (4, 2),
    }
    assert {score: each.did for score, each in found.scores.items()} == {
        0: 0,
        3: 0,
        6: 0,
        7: 0,
        8: 1,
        9: 1,
        10: 1,
    }
    # Who did: 10, 9, 8; who did not: 10, 9, 7, 7, 6, 3, 0. Pair by pair, ties as half:
    pairs = (6.5 + 5.5 + 5) / 21
    assert found.discrimination.estimate == pytest.approx(pairs)
    assert found.agreement.estimate == pytest.approx(0.7)
    assert found.promoters_of_doers.estimate == pytest.approx(2 / 3)
    assert found.calibration.estimate == pytest.approx(0.3 - 0.69)
    assert (found.answers, found.missing) == (10, 2)


def test_word_and_deed_at_the_edges() -> None:
    import polars as pl

    none = measure.said_versus_done_from_counts({})
    assert str(none) == "cannot tell: no answers"
    assert none.discrimination == none.calibration == UNTOLD
    clear = measure.said_versus_done_from_counts({10: (5, 0), 2: (0, 5)})
    assert clear.discrimination == measure.Estimate(1.0, None, None)
    one = measure.said_versus_done_from_counts({10: (1, 0)})
    assert one.calibration == measure.Estimate(0.0, None, None)
    assert one.classes["promoter"].share.low > 0.2
    with pytest.raises(measure.OffScale, match=r"11 \(2 answers\)"):
        measure.said_versus_done_from_counts({11: (1, 1)})
    with pytest.raises(ValueError, match="'done' has other numbers than 0 and 1 in 1 rows"):
        measure.said_versus_done(pl.DataFrame({"score": [9], "done": [3]}))


def covers(estimate, truth) -> bool:
    return estimate.low is not None and estimate.low <= truth <= estimate.high


@pytest.mark.slow
@pytest.mark.parametrize("people", [20, 100])
def test_intervals_of_values_cover_what_they_say(people) -> None:
    rng, rounds = np.random.default_rng(3), 800
    periods = np.arange(1, 7)
    truth = (20 * np.exp(-0.1 * periods) / 1.01**periods).sum()
    hits = [
        covers(
            measure.class_value_from_counts(
                simulate(rng, people), margin=20, discount=0.01, horizon=6
            ).values[0],
            truth,
        )
        for _ in range(rounds)
    ]
    assert 0.93 < np.mean(hits) < 0.97


@pytest.mark.parametrize("is_more", [False, True])
@pytest.mark.slow
def test_intervals_of_earned_shares_cover_what_they_say(is_more) -> None:
    import polars as pl

    rng, hits = np.random.default_rng(4), []
    for _ in range(400):
        revenue = rng.lognormal(0, 0.8, 200)
        chance = 1 / (1 + np.exp(0.7 - 0.6 * is_more * np.log(revenue)))
        earned = (rng.random(200) < chance).astype(float)
        is_asked = rng.permutation(200) < 40
        frame = pl.DataFrame(
            {
                "before": [100.0] + [None] * 200,
                "now": [100.0, *revenue],
                "earned": [None, *np.where(is_asked, earned, np.nan)],
            }
        )
        truth = float(revenue @ earned / revenue.sum())
        hits.append(covers(measure.earned_growth(frame).earned_share, truth))
    assert 0.925 < np.mean(hits) < 0.975


@pytest.mark.slow
def test_intervals_of_word_and_deed_cover_what_they_say() -> None:
    rng, rounds = np.random.default_rng(6), 1500
    said = np.array([1, 1, 1, 2, 2, 4, 5, 12, 20, 22, 30]) / 100
    chance = np.linspace(0.02, 0.4, 11)
    doers, others = said * chance, said * (1 - chance)
    doers, others = doers / doers.sum(), others / others.sum()
    area = doers @ (np.cumsum(others) - others / 2)
    gap = said @ (chance - np.arange(11) / 10)
    hits = np.zeros(2)
    for _ in range(rounds):
        counts = rng.multinomial(100, said)
        did = rng.binomial(counts, chance)
        pairs = zip(did.tolist(), (counts - did).tolist(), strict=True)
        found = measure.said_versus_done_from_counts(dict(enumerate(pairs)))
        hits += covers(found.discrimination, area), covers(found.calibration, gap)
    assert (np.abs(hits / rounds - 0.95) < 0.02).all(), hits / rounds


def test_results_serve_print_json_notebook_and_chart() -> None:
    pytest.importorskip("altair")
    word = measure.said_versus_done_from_counts({10: (30, 50), 8: (5, 60), 4: (1, 30)})
    for each in (
        measure.class_value_from_counts(telco.COUNTS),
        measure.earned_growth_from_sums(**EXAMPLE),
        word,
        word.classes["promoter"],
        measure.cox_from_counts(telco.COUNTS).proportionality,
    ):
        assert each._repr_html_().startswith("<table>")
        assert each.plot().to_dict()["layer"]
        assert each.to_dict()
        assert str(each)
