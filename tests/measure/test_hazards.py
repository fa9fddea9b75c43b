import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import telco_survival as telco

from kokemus import measure
from kokemus.measure import _partial_likelihood as partial
from kokemus.measure._risk_sets import RiskSets

# Ten people in two classes, then what a real table has: null, NaN, and rows without a class.
ROWS = {
    "t": [2.0, 3.0, 3.0, 5.0, 8.0, 9.0, 4.0, 7.0, 9.0, 9.0, None, math.nan, 5.0, 6.0],
    "e": [1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, None, 1],
    "g": [*["monthly"] * 6, *["yearly"] * 4, "monthly", "yearly", "yearly", None],
    "s": [0.0, 0.0, 0.0, 3.0, 1.0, 0.0, 0.0, 4.0, 2.0, 9.0, 0.0, 0.0, 0.0, 0.0],
}


def simulate(rng, people, *, ratio=2.0, is_whole=False) -> RiskSets:
    """Two classes with hazards 0.1 and 0.1 times the ratio, followed for 2 to 15, as counts."""
    group = np.repeat([0, 1], people)
    lost_at = rng.exponential(1 / np.where(group == 1, 0.1 * ratio, 0.1))
    seen_until = rng.uniform(2, 15, 2 * people)
    if is_whole:
        lost_at, seen_until = np.ceil(lost_at / 2), np.minimum(np.floor(seen_until), 6) + 1
    time, is_lost = np.minimum(lost_at, seen_until), lost_at <= seen_until
    times, row = np.unique(time, return_inverse=True)
    ended, lost = np.zeros((2, len(times), 2))
    np.add.at(ended, (row, group), 1.0)
    np.add.at(lost, (row, group), is_lost)
    return RiskSets(
        groups=(0, 1),
        times=times,
        at_risk=ended[::-1].cumsum(axis=0)[::-1],
        events=lost,
        ends=np.array([time[group == each].max() for each in (0, 1)]),
        group_rows=np.array([people, people]),
    )


def sum_by_rows(coefficient, rows, *, ties):
    """The partial log likelihood of class 1 against 0, row by row from its definition."""
    risk = np.exp(coefficient * rows[:, 3])
    total = 0.0
    for time in np.unique(rows[rows[:, 2] == 1, 1]):
        at_risk = (rows[:, 0] < time) & (rows[:, 1] >= time)
        is_lost = (rows[:, 1] == time) & (rows[:, 2] == 1)
        total += coefficient * rows[is_lost, 3].sum()
        for number in range(is_lost.sum()):
            gone = number / is_lost.sum() if ties == "efron" else 0.0
            total -= math.log(risk[at_risk].sum() - gone * risk[is_lost].sum())
    return total


def best(rows, *, ties):
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda value: -sum_by_rows(value, rows, ties=ties), bracket=(-1, 1), tol=1e-12
    )
    return float(found.x), -float(found.fun)


def test_cox_agrees_with_the_reference_by_both_ways_with_ties() -> None:
    for ties, figures, log_likelihoods in (
        ("efron", telco.EFRON, telco.EFRON_LOG_LIKELIHOOD),
        ("breslow", telco.BRESLOW, telco.BRESLOW_LOG_LIKELIHOOD),
    ):
        model = measure.cox_from_counts(telco.COUNTS, ties=ties)
        coefficients = {group: value for group, (value, _) in figures.items()}
        errors = {group: error for group, (_, error) in figures.items()}
        assert model.coefficients == pytest.approx(coefficients, abs=1e-7)
        assert model.standard_errors == pytest.approx(errors, abs=1e-7)
        found = (model.log_likelihood_at_zero, model.log_likelihood)
        assert found == pytest.approx(log_likelihoods, abs=1e-7)


def test_the_test_of_proportional_hazards_agrees_with_the_reference() -> None:
    test = measure.cox_from_counts(telco.COUNTS).proportionality
    found = (test.chi_squared, test.degrees, test.p_value)
    assert found == pytest.approx(telco.PROPORTIONALITY, rel=1e-7)


def test_the_discrete_time_model_agrees_with_the_reference() -> None:
    # R's glm stops at 1e-8 of the deviance, which leaves 2e-7 in the coefficients by cloglog.
    model = measure.discrete_time_hazard_from_counts(telco.COUNTS)
    coefficients = {group: value for group, (value, _) in telco.CLOGLOG.items()}
    assert model.coefficients == pytest.approx(coefficients, abs=5e-7)
    errors = {group: error for group, (_, error) in telco.CLOGLOG.items()}
    assert model.standard_errors == pytest.approx(errors, abs=5e-7)
    by_odds = measure.discrete_time_hazard_from_counts(telco.COUNTS, link="logit")
    assert by_odds.coefficients == pytest.approx(telco.LOGIT, abs=1e-8)


def test_the_reference_class_may_be_chosen() -> None:
    model = measure.cox_from_counts(telco.COUNTS, reference="Two year")
    other = measure.cox_from_counts(telco.COUNTS)
    assert model.coefficients == pytest.approx(
        {
            "Month-to-month": -other.coefficients["Two year"],
            "One year": other.coefficients["One year"] - other.coefficients["Two year"],
        }
    )
    assert model.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-8)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_is_the_same_on_every_kind_of_frame(make_frame, ties) -> None:
    rows = np.array(
        [
            (0.0 if start is None else start, t, e, g == "yearly")
            for start, t, e, g in zip(*(ROWS[name][:9] for name in "steg"), strict=True)
        ]
    )
    coefficient, log_likelihood = best(rows, ties=ties)
    model = measure.cox(make_frame(ROWS), duration="t", event="e", group="g", start="s", ties=ties)
    assert model.coefficients == {"yearly": pytest.approx(coefficient, abs=1e-6)}
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=1e-9)
    counted = (model.rows, model.events, model.missing, model.empty)
    assert counted == ({"monthly": 6, "yearly": 3}, {"monthly": 4, "yearly": 1}, 4, 1)


def test_the_discrete_time_model_is_the_same_on_every_kind_of_frame(make_frame) -> None:
    model = measure.discrete_time_hazard(make_frame(ROWS))
    known = measure.discrete_time_hazard_from_counts(
        {
            "monthly": {2: (6, 1), 3: (5, 1), 5: (3, 1), 7: (2, 0), 8: (2, 1), 9: (1, 0)},
            "yearly": {2: (4, 0), 3: (4, 0), 5: (3, 0), 7: (3, 1), 8: (2, 0), 9: (2, 1)},
        }
    )
    assert model.coefficients == pytest.approx(known.coefficients, abs=1e-9)
    assert model.standard_errors == pytest.approx(known.standard_errors, abs=1e-9)
    assert (model.rows, model.missing, model.empty) == ({"monthly": 6, "yearly": 4}, 4, 0)


@pytest.mark.parametrize("classes", [(True, False), (2, 1), (2.5, 1.5), ("b", "a")])
def test_cox_takes_classes_of_every_kind(classes) -> None:
    import polars as pl

    renamed = {"monthly": classes[0], "yearly": classes[1], None: None}
    frame = pl.DataFrame({**ROWS, "g": [renamed[group] for group in ROWS["g"]]}, strict=False)
    model = measure.cox(frame)
    turned = measure.cox(pl.DataFrame(ROWS, strict=False), reference="yearly")
    assert model.reference == classes[1]
    assert model.coefficients == {
        classes[0]: pytest.approx(turned.coefficients["monthly"], abs=1e-9)
    }


def test_a_missing_class_may_be_nan() -> None:
    import polars as pl

    frame = pl.DataFrame(
        {"t": [1.0, 2, 3, 4, 5], "e": [1, 1, 1, 1, 1], "g": [0.0, 1.0, 0.0, 1.0, math.nan]}
    )
    assert measure.cox(frame).missing == 1
    assert set(measure.cox(frame).coefficients) == {1.0}


def test_a_class_that_is_never_lost_cannot_be_told() -> None:
    counts = {
        "a": {1: (10, 2), 2: (8, 3), 3: (5, 1)},
        "b": {1: (10, 1), 2: (9, 4), 3: (5, 2)},
        "c": {1: (10, 0), 2: (9, 0), 3: (5, 0)},
    }
    for fit in (measure.cox_from_counts, measure.discrete_time_hazard_from_counts):
        model = fit(counts)
        without = fit({group: counts[group] for group in "ab"})
        assert model.coefficients == {"b": pytest.approx(without.coefficients["b"]), "c": None}
        assert model.standard_errors["c"] is None
        assert "c: cannot tell: none of c was lost; 0 lost, 10 rows" in str(model)
        assert fit(counts, reference="c").coefficients == {"a": None, "b": None}
    # The likelihood that no finite effect reaches is that without the class.
    model = measure.cox_from_counts(counts)
    without = measure.cox_from_counts({group: counts[group] for group in "ab"})
    assert model.log_likelihood == pytest.approx(without.log_likelihood)
    assert model.log_likelihood_at_zero < without.log_likelihood_at_zero


def test_a_class_lost_only_where_the_other_is_gone_cannot_be_told() -> None:
    model = measure.cox_from_counts({"a": {1: (3, 3)}, "b": {1: (3, 0), 2: (3, 2)}})
    assert model.coefficients == {"b": None}
    assert "b: cannot tell: b was not lost beside a" in str(model)


@pytest.mark.parametrize(
    "counts", [{}, {"a": {1: (3, 1)}}, {"a": {1: (3, 0)}, "b": {1: (4, 0)}}, {"a": {}, "b": {}}]
)
def test_too_little_prints_cannot_tell(counts) -> None:
    for fit in (measure.cox_from_counts, measure.discrete_time_hazard_from_counts):
        model = fit(counts)
        assert set(model.coefficients.values()) <= {None}
        assert "cannot tell" in str(model)
        assert model.to_dict()["coefficients"] == dict.fromkeys(model.coefficients)


def test_what_no_people_can_have_given_is_named() -> None:
    import polars as pl

    with pytest.raises(measure.NotFollowUp, match="'e' has other numbers than 0 and 1 in 1 rows"):
        measure.cox(pl.DataFrame({"t": [1, 2], "e": [0, 2], "g": ["a", "b"]}))
    with pytest.raises(measure.NotFollowUp, match="'t' has times below 0 or infinite in 2 rows"):
        measure.cox(pl.DataFrame({"t": [-1.0, math.inf], "e": [0, 1], "g": ["a", "b"]}))
    with pytest.raises(measure.NotFollowUp, match="events are whole numbers from 0"):
        measure.cox_from_counts({"a": {1: (3, 4)}})
    with pytest.raises(measure.NotFollowUp, match="a time is a finite number of 0 or more"):
        measure.cox_from_counts({"a": {-1: (3, 1)}})
    with pytest.raises(measure.UnknownClass, match="'d' is not among the classes 'a', 'b'"):
        measure.cox_from_counts({"a": {1: (3, 1)}, "b": {1: (3, 1)}}, reference="d")
    with pytest.raises(ValueError, match="ties must be one of efron, breslow: 'exact'"):
        measure.cox_from_counts({}, ties="exact")
    with pytest.raises(ValueError, match="link must be one of cloglog, logit: 'probit'"):
        measure.discrete_time_hazard_from_counts({}, link="probit")


@pytest.mark.parametrize("ties", [1, 32, 33, 97, 1_000, 30_011])
@pytest.mark.parametrize("left", [0.0, 1.0, 1e6])
def test_long_runs_of_ties_are_summed_exactly(ties, left) -> None:
    gone, weight = partial._nodes_of_ties(ties)
    ones = np.arange(ties) / ties
    total = 1 + left / ties + 1 / ties
    assert weight.sum() == pytest.approx(ties, rel=1e-13)
    for power in (1, 2):
        found = weight @ (total - gone) ** -power
        assert found == pytest.approx(((total - ones) ** -power).sum(), rel=1e-12)
    assert len(gone) <= 32 + 10 * 10


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 30))
def test_order_and_splitting_of_rows_change_nothing(seed, people) -> None:
    import polars as pl

    rng = np.random.default_rng(seed)
    frame = pl.DataFrame(
        {
            "t": rng.integers(1, 9, 2 * people).astype(float),
            "e": rng.integers(0, 2, 2 * people),
            "g": np.repeat(["a", "b"], people),
        }
    )
    whole = measure.cox(frame)
    mixed = measure.cox(frame.sample(fraction=1.0, shuffle=True, seed=1))
    assert mixed.coefficients == pytest.approx(whole.coefficients, abs=1e-9)
    # A person's time in two stretches of the same class is the same person's time.
    cut = rng.uniform(0.2, 0.8, 2 * people)
    first = frame.with_columns(s=pl.lit(0.0), t=pl.Series(cut), e=pl.lit(0, pl.Int64))
    split = pl.concat([first, frame.with_columns(s=pl.Series(cut))], how="diagonal")
    parted = measure.cox(split, start="s")
    assert parted.coefficients == pytest.approx(whole.coefficients, abs=1e-9)
    assert parted.standard_errors == pytest.approx(whole.standard_errors, abs=1e-9)


@pytest.mark.parametrize(
    ("people", "rounds", "least", "most"), [(20, 1500, 0.93, 0.97), (100, 800, 0.93, 0.97)]
)
@pytest.mark.slow
def test_intervals_of_ratios_cover_what_they_say(people, rounds, least, most) -> None:
    rng = np.random.default_rng(20)
    hits = {"cox": 0, "cloglog": 0, "trend": 0}
    for _ in range(rounds):
        model = measure.cox_from_counts(simulate(rng, people))
        ratio = model.hazard_ratios[1]
        hits["cox"] += ratio.low is not None and ratio.low < 2 < ratio.high
        hits["trend"] += model.proportionality is None or not model.proportionality.is_clear
        by_period = simulate(rng, people, is_whole=True)
        ratio = measure.discrete_time_hazard_from_counts(by_period).hazard_ratios[1]
        hits["cloglog"] += ratio.low is not None and ratio.low < 2 < ratio.high
    shares = {name: count / rounds for name, count in hits.items()}
    assert {name for name, share in shares.items() if not least < share < most} == set(), shares


def test_results_serve_print_json_notebook_and_chart() -> None:
    pytest.importorskip("altair")
    model = measure.cox_from_counts(telco.COUNTS)
    assert str(model) == (
        "hazard ratios beside Month-to-month (1,655 lost, 3,875 rows), 95 % intervals:\n"
        "One year: 0.112 (0.095 to 0.132); 166 lost, 1,472 rows\n"
        "Two year: 0.015 (0.011 to 0.020); 48 lost, 1,685 rows\n"
        "the ratios are not the same at all times (χ² 110.97, 2 degrees of freedom, p < 0.0001):"
        " each is an average over the time of this study, so read the curves and the restricted"
        " means beside it"
    )
    assert model.to_dict()["proportionality"]["degrees"] == 2
    assert "<th>One year</th>" in model._repr_html_()
    assert model.plot().to_dict()["layer"]
