import datetime as dt
import math

import numpy as np
import pytest
from tests.reference import leadlag as reference

from kokemus import measure

PATHS = np.array([[0.4, 0.0], [0.3, 0.3]])
KEYS = (("x", "x"), ("y", "x"), ("x", "y"), ("y", "y"))


def carry_over(rng, periods, *, rho, units=1):
    """Series that carry over rho of themselves, shape (periods, units)."""
    noise = rng.normal(size=(periods + 20, units))
    series = np.zeros_like(noise)
    for t in range(1, periods + 20):
        series[t] = rho * series[t - 1] + noise[t]
    return series[20:]


def simulate_panel(rng, units, waves, *, has_levels=True):
    """Units with levels apart and paths within, as a table of x1, y1, x2, y2, …"""
    factor = np.linalg.cholesky(np.array([[0.8, 0.2], [0.2, 0.8]]))
    levels = rng.normal(size=(units, 2)) @ np.linalg.cholesky([[1, 0.4], [0.4, 0.8]]).T
    within = rng.normal(size=(units, 2)) @ factor.T
    found = []
    for wave in range(waves + 10):
        if wave >= 10:
            found.append(levels * has_levels + within)
        within = within @ PATHS.T + rng.normal(size=(units, 2)) @ factor.T
    return np.concatenate(found, axis=1)


def f_by_hand(cause, effect, order):
    """The F statistic straight from two regressions with a constant, row by row."""
    rows = range(order, len(effect))
    own = np.array([[1.0, *(effect[t - lag] for lag in range(1, order + 1))] for t in rows])
    past = np.array([[cause[t - lag] for lag in range(1, order + 1)] for t in rows])
    outcome = np.array([effect[t] for t in rows])
    left = []
    for predictors in (own, np.hstack([own, past])):
        normal = predictors.T @ predictors
        found = np.linalg.solve(normal, predictors.T @ outcome)
        left.append(float(((outcome - predictors @ found) ** 2).sum()))
    free = len(outcome) - 2 * order - 1
    return (left[0] - left[1]) / order / (left[1] / free), (order, free)


def make_rows():
    """24 months of two answers each, with null and NaN, in no order; one month without staff."""
    rng = np.random.default_rng(11)
    staff = carry_over(rng, 24, rho=0.4)[:, 0]
    customers = np.concatenate([[0.0], 0.6 * staff[:-1]]) + rng.normal(size=24)
    rows = {"t": [], "x": [], "y": []}
    for month in rng.permutation(24).tolist():
        rows["t"] += [month, month]
        rows["x"] += [None, None] if month == 9 else [staff[month] - 1, staff[month] + 1]
        rows["y"] += [customers[month], math.nan]
    rows["t"] += [None, 5]
    rows["x"] += [1.0, None]
    rows["y"] += [2.0, math.nan]
    staff[9] = np.nan
    return rows, staff, customers


@pytest.mark.parametrize("order", [1, 3])
def test_granger_is_the_comparison_of_two_regressions(order) -> None:
    rng = np.random.default_rng(order)
    cause = carry_over(rng, 54, rho=0.5)[:, 0]
    effect = 4e5 + 1e4 * (np.concatenate([[0.0], cause[:-1]]) + rng.normal(size=54))
    found = measure.granger_from_series(cause, effect, order=order)
    f, degrees = f_by_hand(cause, effect, order)
    assert (found.f, found.degrees) == (pytest.approx(f, rel=1e-6), degrees)
    assert (found.periods, found.left_out, found.reason) == (54 - order, 0, "")


def test_the_p_value_is_that_of_the_reference() -> None:
    from scipy.special import fdtrc

    f, p_value = reference.EGGS_TO_CHICKENS
    assert fdtrc(3, 44, f) == pytest.approx(p_value, abs=2e-7)
    rng = np.random.default_rng(1)
    found = measure.granger_from_series(rng.normal(size=54), rng.normal(size=54))
    assert found.degrees == (3, 44)
    assert found.p_value == pytest.approx(float(fdtrc(3, 44, found.f)), rel=1e-12)


def test_granger_is_the_same_on_every_kind_of_frame(make_frame) -> None:
    rows, staff, customers = make_rows()
    found = measure.granger(make_frame(rows), cause="x", effect="y", order=2, time="t")
    known = measure.granger_from_series(staff, customers, order=2)
    assert found.f == pytest.approx(known.f, rel=1e-9)
    assert found.p_value == pytest.approx(known.p_value, rel=1e-9)
    # The month without staff has no past to give to the two after it.
    assert (found.periods, found.left_out, found.missing) == (20, 2, 3)


def test_months_as_dates_are_periods_and_a_month_jumped_over_is_a_gap() -> None:
    import polars as pl

    rng = np.random.default_rng(2)
    days = [dt.date(2023 + month // 12, month % 12 + 1, 1) for month in range(30)]
    frame = pl.DataFrame({"t": days, "x": rng.normal(size=30), "y": rng.normal(size=30)})
    whole = measure.granger(frame, order=1)
    assert (whole.periods, whole.left_out) == (29, 0)
    gap = measure.granger(frame.filter(pl.col("t") != days[14]), order=1)
    assert gap.periods == 27
    known = frame.with_columns(pl.when(pl.col("t") != days[14]).then(pl.col("x", "y")))
    assert gap.f == pytest.approx(measure.granger(known, order=1).f, rel=1e-12)


@pytest.mark.parametrize(
    ("cause", "effect", "reason"),
    [
        ([], [], "0 periods with a known past are too few"),
        ([1.0, 2, 3, 5], [2.0, 1, 2, 4], "3 periods with a known past are too few"),
        ([1.0] * 9, [2.0, 1, 3, 2, 5, 3, 4, 6, 1], "a series does not change"),
        ([2.0, 1, 3, 2, 5, 3, 4, 6, 1], [2.0, 1, 3, 2, 5, 3, 4, 6, 1], "one column of the past"),
        ([2.0, 1, 3, 2, 5, 3, 4, 6, 1], [0.0, 2, 1, 3, 2, 5, 3, 4, 6], "the past leaves no error"),
    ],
)
def test_granger_says_why_it_cannot_tell(cause, effect, reason) -> None:
    found = measure.granger_from_series(cause, effect, order=1)
    assert (found.f, found.p_value) == (None, None)
    assert reason in found.reason
    assert f"cannot tell ({found.reason})" in str(found)


def test_granger_refuses_what_it_cannot_mean() -> None:
    import polars as pl

    with pytest.raises(ValueError, match="order must be 1 or more: 0"):
        measure.granger_from_series([1.0], [1.0], order=0)
    with pytest.raises(ValueError, match="the series must be equally long"):
        measure.granger_from_series([1.0, 2.0], [1.0])
    empty = pl.DataFrame({"t": [None], "x": [1.0], "y": [1.0]})
    assert str(measure.granger(empty)).endswith("0 periods\nleft out: 1 missing")


@pytest.mark.parametrize(("order", "rho", "share"), [(1, 0.0, 0.054), (3, 0.5, 0.053)])
def test_series_with_nothing_between_them_rarely_look_otherwise(order, rho, share) -> None:
    rng = np.random.default_rng(5)
    p_values = [
        measure.granger_from_series(*carry_over(rng, 30, rho=rho, units=2).T, order=order).p_value
        for _ in range(1500)
    ]
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(share, abs=0.017)


@pytest.mark.parametrize("order", [1, 2])
def test_the_panel_test_agrees_with_the_reference(order) -> None:
    z_tilde, wald = reference.GRUNFELD[order]
    found = measure.dumitrescu_hurlin_from_wald(
        wald, periods=reference.GRUNFELD_PERIODS, order=order
    )
    assert found.z_tilde == pytest.approx(z_tilde, abs=5e-6)
    assert found.w_bar == pytest.approx(np.mean(list(wald.values())))
    assert found.z_bar == pytest.approx(math.sqrt(10 / (2 * order)) * (found.w_bar - order))


def test_the_panel_test_is_the_same_on_every_kind_of_frame(make_frame) -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 3, 15))
    rows = {"unit": [], "t": [], "x": [], "y": []}
    for unit, name in enumerate(["north", "south", None]):
        for t in range(15):
            for column, value in zip(rows, (name, t, x[unit, t], y[unit, t]), strict=True):
                rows[column].append(value)
    rows["x"][3], rows["y"][20] = None, math.nan
    rows["unit"] += ["new"] * 5
    rows["t"] += list(range(5))
    rows["x"] += [1.0, 2.0, 4.0, 3.0, 1.0]
    rows["y"] += [2.0, 1.0, 4.0, 3.0, 5.0]
    found = measure.dumitrescu_hurlin(make_frame(rows))
    x[0, 3] = y[1, 5] = np.nan
    tests = [measure.granger_from_series(x[unit], y[unit], order=1) for unit in (0, 1)]
    known = {name: test.f for name, test in zip(["north", "south"], tests, strict=True)}
    assert found.wald == pytest.approx(known, rel=1e-9)
    free = np.array([test.degrees[1] for test in tests])
    expected, spread = free / (free - 2), 2 * free**2 * (free - 1) / ((free - 2) ** 2 * (free - 4))
    z_tilde = (sum(known.values()) - expected.sum()) / math.sqrt(spread.sum())
    assert found.z_tilde == pytest.approx(z_tilde, rel=1e-9)
    assert (found.units, found.left_out, found.missing) == (2, ("new",), 15)


def test_a_short_panel_cannot_be_told() -> None:
    found = measure.dumitrescu_hurlin_from_wald({"a": 2.0}, periods=8)
    assert (found.z_tilde, found.p_value, found.left_out) == (None, None, ("a",))
    assert "cannot tell (no unit has over 8 periods); 0 units, 1 too short" in str(found)
    low = measure.dumitrescu_hurlin_from_wald(dict.fromkeys(range(99), 0.0), periods=30)
    assert "the units fit worse than chance" in str(low)


def test_the_cross_lagged_panel_agrees_with_the_reference() -> None:
    found = measure.cross_lagged_from_covariance(
        reference.COVARIANCE, units=reference.UNITS, names=("e", "c"), model="cross-lagged"
    )
    estimates = {key: path.estimate for key, path in found.paths.items()}
    assert estimates == pytest.approx({k: v for k, (v, _) in reference.PATHS.items()}, abs=1e-6)
    errors = {key: error for key, (_, error) in reference.PATHS.items()}
    assert found.standard_errors == pytest.approx(errors, abs=1e-6)
    assert (found.fit.chi_squared, found.fit.degrees) == (
        pytest.approx(reference.CHI_SQUARED, abs=1e-6),
        reference.DEGREES,
    )
    for name, value in reference.VARIANCES.items():
        one, other = name.split(" ~~ ")
        turned = f"{other} ~~ {one}"
        assert found.parameters.get(name, found.parameters.get(turned)) == pytest.approx(
            value, abs=1e-6
        )


def test_random_intercepts_find_what_made_the_covariances() -> None:
    # The population's covariances: paths, variances and levels are what comes out.
    factor = np.array([[0.8, 0.2], [0.2, 0.8]])
    within = [np.array([[1.1, 0.3], [0.3, 1.0]])]
    for _ in range(3):
        within.append(PATHS @ within[-1] @ PATHS.T + factor)
    size = 8
    covariance = np.zeros((size, size))
    for row in range(4):
        for column in range(row + 1):
            block = np.linalg.matrix_power(PATHS, row - column) @ within[column]
            covariance[2 * row : 2 * row + 2, 2 * column : 2 * column + 2] = block
            covariance[2 * column : 2 * column + 2, 2 * row : 2 * row + 2] = block.T
    covariance += np.tile([[1, 0.4], [0.4, 0.8]], (4, 4))
    found = measure.cross_lagged_from_covariance(covariance, units=1001)
    assert found.model == "random intercepts"
    estimates = [found.paths[key].estimate for key in KEYS]
    assert estimates == pytest.approx(PATHS.ravel(), abs=1e-6)
    assert found.parameters["level of x ~~ level of y"] == pytest.approx(0.4 * 0.999, abs=1e-6)
    # Without them, levels look like paths.
    plain = measure.cross_lagged_from_covariance(covariance, units=1001, model="cross-lagged")
    assert plain.paths["x", "x"].estimate > 0.6
    assert "units that are always better look like causes here" in str(plain)
    assert "the model does not fit" in str(plain)


def test_cross_lagged_is_the_same_on_every_kind_of_frame(make_frame) -> None:
    table = simulate_panel(np.random.default_rng(3), 40, 3)
    rows = {"unit": [], "t": [], "x": [], "y": []}
    for unit, values in enumerate(table):
        for wave in range(3):
            rows["unit"].append(f"u{unit}")
            rows["t"].append(wave)
            rows["x"].append(float(values[2 * wave]))
            rows["y"].append(float(values[2 * wave + 1]))
    rows["x"][0], rows["y"][0], rows["y"][5] = None, math.nan, math.nan
    found = measure.cross_lagged(make_frame(rows), model="cross-lagged")
    known = measure.cross_lagged_from_covariance(
        np.cov(table[2:], rowvar=False), units=38, model="cross-lagged"
    )
    assert {key: path.estimate for key, path in found.paths.items()} == pytest.approx(
        {key: path.estimate for key, path in known.paths.items()}, abs=1e-9
    )
    assert (found.units, found.waves, found.left_out, found.missing) == (38, 3, 2, 1)


@pytest.mark.parametrize(
    ("covariance", "units", "reason"),
    [
        (np.eye(2), 99, "there are no two periods"),
        (np.eye(6), 16, "16 units are too few for 3 periods"),
        (np.ones((6, 6)), 99, "the periods depend on one another exactly, or do not vary"),
    ],
)
def test_cross_lagged_says_why_it_cannot_tell(covariance, units, reason) -> None:
    found = measure.cross_lagged_from_covariance(covariance, units=units)
    assert found.reason == reason
    assert set(found.paths.values()) == {measure.Estimate(None, None, None)}
    assert f"cannot tell: {reason}" in str(found)
    assert found.to_dict()["fit"] is None


def test_cross_lagged_refuses_what_it_cannot_mean() -> None:
    with pytest.raises(ValueError, match="random intercepts take 3 periods or more, not 2"):
        measure.cross_lagged_from_covariance(np.eye(4), units=99, model="random intercepts")
    with pytest.raises(ValueError, match="model must be one of random intercepts, cross-lagged"):
        measure.cross_lagged_from_covariance(np.eye(4), units=99, model="fixed")
    with pytest.raises(ValueError, match="two rows a period"):
        measure.cross_lagged_from_covariance(np.eye(3), units=99)


@pytest.mark.parametrize(
    ("units", "waves", "has_levels"), [(100, 5, True), (400, 4, True), (200, 3, False)]
)
@pytest.mark.slow
def test_intervals_of_paths_cover_what_they_say(units, waves, has_levels) -> None:
    rng = np.random.default_rng(6)
    hits, rounds = np.zeros(4), 400
    for _ in range(rounds):
        table = simulate_panel(rng, units, waves, has_levels=has_levels)
        found = measure.cross_lagged_from_covariance(
            np.cov(table, rowvar=False),
            units=units,
            model="random intercepts" if has_levels else "cross-lagged",
        )
        for place, key in enumerate(KEYS):
            low, high = found.paths[key].low, found.paths[key].high
            hits[place] += low is not None and low <= PATHS.ravel()[place] <= high
    shares = hits / rounds
    assert 0.93 < shares.mean() < 0.97, shares
    assert shares.min() > 0.92, shares


def test_results_serve_print_json_notebook_and_chart() -> None:
    pytest.importorskip("altair")
    _, staff, customers = make_rows()
    panel = measure.dumitrescu_hurlin_from_wald(reference.GRUNFELD[1][1], periods=20)
    assert "in some units earlier cause tells of effect what earlier effect does not" in str(panel)
    paths = measure.cross_lagged_from_covariance(reference.COVARIANCE, units=800)
    assert "the lasting levels of the units cannot be told apart from none" in str(paths)
    for each in (measure.granger_from_series(staff, customers, order=1), panel, paths):
        assert each._repr_html_().startswith("<table>")
        assert each.plot().to_dict()["layer"]
        assert each.to_dict()
