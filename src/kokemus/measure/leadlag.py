"""What moves first: staff, customers, accounts. Leads and lags over periods and units.

The engine averages each period (of each unit) in one group-by; lags are taken on that small table.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from kokemus.measure._cross_lags import MODELS, fit_cross_lags
from kokemus.measure._frame import IntoFrame
from kokemus.measure._lagged_regression import LagTest, check_order, compare_pasts
from kokemus.measure._leadlag_results import (
    CrossLagged,
    GrangerTest,
)
from kokemus.measure._panels import read_panel
from kokemus.measure.intervals import check_confidence


def granger(
    frame: IntoFrame,
    cause: str = "x",
    effect: str = "y",
    order: int = 3,
    time: str = "t",
) -> GrangerTest:
    """Test whether the past of one series tells of another what its own past does not.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per period, or rows (answers, orders) that are averaged by period.
    cause, effect : str
        Columns of numbers: of the series that may lead, and of the one that may follow.
    order : int
        How many periods back, 1 or more.
    time : str
        Column of periods: numbers, dates, or words that sort in the order of time ("2026-W07").
        Numbers such as 202612 are read as year and month.

    Returns
    -------
    GrangerTest
        ``.f`` and ``.p_value`` with degrees of freedom, periods used and left out.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.
    ValueError
        The order is below 1.
    TypeError
        The order is no whole number, or there is no `time`: rows have no order of their own.

    Notes
    -----
    One group-by by period. F compares the regression of the effect on its own last `order`
    values with that on those and the last `order` values of the cause.

    Behaviour: none, one, too few periods, a series that does not change - None, and why; missing
    - a period without a value is left out with all whose past it is; where the periods are
    numbers or dates and one was jumped over (a step over 1.5 times the shortest), the periods
    after it count as without a past, and the print says how many gaps there are (weekends among
    daily figures are some: number the days if none is meant); equal - no change, None; weighted -
    each row of a period counts alike, each period counts alike.

    Where it misleads: it is no test of cause. What moves both, a season or a campaign, makes
    either lead the other. It depends on the order: a claim of direction from one order alone is
    weak. Series that drift (means that grow) give small p-values by chance: test their changes.
    Of series with nothing between them, 5.4 % have p under 0.05 with 30 periods of normal noise
    at order 1, and 5.3 % at order 3 where each carries over 0.5 (seeded simulation,
    `tests/measure/test_leadlag.py`).

    References
    ----------
    Granger, C. W. J. (1969). Investigating causal relations by econometric models and
    cross-spectral methods. Econometrica 37, 424-438.

    Examples
    --------
    >>> import polars as pl
    >>> staff = [3, 5, 4, 6, 8, 7, 5, 4, 6, 7, 9, 8, 6, 5, 3, 4, 6, 8]
    >>> frame = pl.DataFrame(
    ...     {
    ...         "month": range(18),
    ...         "staff": staff,
    ...         "customers": [6.1, *(4 + 0.5 * s + 0.1 * (s % 3) for s in staff[:-1])],
    ...     }
    ... )
    >>> found = granger(frame, "staff", "customers", order=1, time="month")
    >>> print(found)  # doctest: +NORMALIZE_WHITESPACE
    staff → customers, order 1: earlier staff tells of customers what earlier customers does not
    (F 1,114.22, 1 and 14 degrees of freedom, p < 0.0001); 17 periods
    >>> found = granger(frame.head(4), "staff", "customers", order=1, time="month")
    >>> print(found)  # doctest: +NORMALIZE_WHITESPACE
    staff → customers, order 1: cannot tell
    (3 periods with a known past are too few); 3 periods
    """
    order = check_order(order)
    panel = read_panel(frame, columns=list(dict.fromkeys([cause, effect])), time=time)
    if not panel.times:
        found = compare_pasts(np.zeros(0), np.zeros(0), order)
    else:
        found = compare_pasts(panel.series(0, cause), panel.series(0, effect), order)
    made = _describe(found, cause=cause, effect=effect, missing=panel.missing)
    return replace(made, time=time, gaps=panel.gaps)


def granger_from_series(cause: ArrayLike, effect: ArrayLike, *, order: int = 3) -> GrangerTest:
    """Test whether the past of one series tells of another, from the two series.

    Parameters
    ----------
    cause, effect : array of float, shape (periods,)
        The mean of each period, in the order of time; NaN where there is none.
    order : int
        How many periods back, 1 or more.

    Returns
    -------
    GrangerTest

    Raises
    ------
    ValueError
        The series are not equally long, or the order is below 1.

    Examples
    --------
    >>> found = granger_from_series([1, 3, 2, 5, 4, 6, 5, 8], [2, 2, 4, 3, 6, 5, 7, 6.5], order=1)
    >>> print(f"F {found.f:.1f}, p {found.p_value:.6f}")
    F 406.4, p 0.000036
    """
    one, other = np.asarray(cause, float), np.asarray(effect, float)
    if one.shape != other.shape or one.ndim != 1:
        raise ValueError(f"the series must be equally long, not {one.shape} and {other.shape}")
    return _describe(
        compare_pasts(one, other, check_order(order)), cause="cause", effect="effect", missing=0
    )


def _describe(found: LagTest, *, cause: str, effect: str, missing: int) -> GrangerTest:
    from scipy.special import fdtrc

    return GrangerTest(
        cause=cause,
        effect=effect,
        order=found.degrees[0],
        f=found.f,
        p_value=None if found.f is None else float(fdtrc(*found.degrees, found.f)),
        degrees=found.degrees,
        periods=found.periods,
        left_out=found.left_out,
        missing=missing,
        reason=found.reason,
    )


def cross_lagged(
    frame: IntoFrame,
    x: str = "x",
    y: str = "y",
    *,
    unit: str = "unit",
    time: str = "t",
    model: str | None = None,
    confidence: float = 0.95,
) -> CrossLagged:
    """How two things of the same units carry over from one period to the next, both ways.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per unit and period, or rows that are averaged by unit and period.
    x, y : str
        Columns of numbers, such as staff's and customers' satisfaction.
    unit, time : str
        Columns of units and of periods; the order of periods is that of their values.
    model : {"random intercepts", "cross-lagged"}, optional
        "random intercepts" sets the lasting levels of the units apart, so the paths are within
        units; it takes three periods, and is the default from three on. "cross-lagged" mixes
        between and within.
    confidence : float
        Nominal coverage of the intervals, over 0 and under 1.

    Returns
    -------
    CrossLagged
        ``.paths[x, y]`` is the step of y that follows a step of one in x, with interval.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.
    ValueError
        The model is not known, or takes more periods.

    Notes
    -----
    One group-by by unit and period. Maximum likelihood from the covariances of the periods; the
    paths are the same in all periods, means and residual variances are free. Only units with a
    value of both in every period count.

    Behaviour: none, no more units than parameters, no two periods - "cannot tell"; where the
    likelihood has no maximum with residual variances over 0, also; where units hardly differ for
    long, the levels are said to be unknown and the paths stand; missing - units with a gap are
    left out and counted; equal - "cannot tell"; weighted - each unit counts alike.

    The errors are the likelihood's (expected information); the intervals widen them by
    sqrt(units / (units - parameters)), without which they cover 91 % with 100 units. With it the
    nominal 95 % covers 95.0 to 97.0 % with 100 units and 5 periods, 94.5 to 95.8 % with 400
    (random intercepts), and 94 to 96 % with 200 units and 3 periods (cross-lagged; seeded
    simulations, `tests/measure/test_leadlag.py`).

    Where it misleads: the plain cross-lagged model takes units that are always better for causes;
    that is why random intercepts are the default. Means of few answers are noisy: the noise looks
    like change that does not last and draws all paths to 0; see `unit_means` for how far they
    can be relied on. What moves both in the next period is not ruled out. The length of the
    period is part of the finding.

    References
    ----------
    Hamaker, E. L., Kuiper, R. M. and Grasman, R. P. P. P. (2015). A critique of the cross-lagged
    panel model. Psychological Methods 20, 102-116.

    Examples
    --------
    >>> import numpy as np, polars as pl
    >>> rng = np.random.default_rng(3)
    >>> levels, staff, customers = rng.normal(size=(2, 150)), *rng.normal(size=(2, 150))
    >>> rows = []
    >>> for month in range(5):
    ...     rows += zip(
    ...         range(150), [month] * 150, levels[0] + staff, levels.sum(0) + customers, strict=True
    ...     )
    ...     customers = 0.3 * customers + 0.3 * staff + 0.9 * rng.normal(size=150)
    ...     staff = 0.4 * staff + 0.9 * rng.normal(size=150)
    >>> frame = pl.DataFrame(rows, schema=["shop", "month", "staff", "customers"], orient="row")
    >>> print(cross_lagged(frame, "staff", "customers", unit="shop", time="month"))
    from one period to the next, within units (150 units, 5 periods, 95 % intervals)
    staff → staff: 0.44 (0.29 to 0.59)
    customers → staff: 0.00 (-0.12 to 0.12)
    staff → customers: 0.26 (0.14 to 0.39)
    customers → customers: 0.31 (0.17 to 0.45)
    """
    check_confidence(confidence)
    panel = read_panel(frame, columns=list(dict.fromkeys([x, y])), time=time, unit=unit)
    values = np.stack([panel.means[x], panel.means[y]], axis=-1)
    values = values.reshape(len(panel.units), 2 * len(panel.times))
    is_whole = np.isfinite(values).all(axis=1)
    whole = values[is_whole]
    units = len(whole)
    covariance = np.cov(whole, rowvar=False) if units > 1 else np.zeros((values.shape[1],) * 2)
    return fit_cross_lags(
        np.atleast_2d(covariance),
        units=units,
        names=(x, y),
        model=_choose_model(model, len(panel.times)),
        left_out=int((~is_whole).sum()),
        missing=panel.missing,
        confidence=confidence,
    )


def cross_lagged_from_covariance(
    covariance: ArrayLike,
    *,
    units: int,
    names: Sequence[str] = ("x", "y"),
    model: str | None = None,
    confidence: float = 0.95,
) -> CrossLagged:
    """How two things carry over, from the covariances of the periods.

    Parameters
    ----------
    covariance : array of float, shape (2 x periods, 2 x periods)
        Of x and y in the first period, x and y in the second, and so on, over units; divided by
        the units less one.
    units : int
        How many units it is of.
    names : pair of str
        What x and y are called.
    model, confidence
        As for `cross_lagged`.

    Returns
    -------
    CrossLagged

    Raises
    ------
    ValueError
        The matrix is not square with two rows a period, or the model is not known or takes more
        periods.

    Examples
    --------
    >>> covariance = [[1, 0.4, 0.5, 0.4], [0.4, 1, 0.3, 0.6]]
    >>> covariance += [[0.5, 0.3, 1, 0.3], [0.4, 0.6, 0.3, 1]]
    >>> found = cross_lagged_from_covariance(covariance, units=200)
    >>> print(found.paths["x", "y"])
    0.19 (0.07 to 0.31)
    """
    check_confidence(confidence)
    matrix = np.asarray(covariance, float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.shape[0] % 2:
        raise ValueError(f"covariance must be square with two rows a period, not {matrix.shape}")
    return fit_cross_lags(
        matrix,
        units=units,
        names=(names[0], names[1]),
        model=_choose_model(model, len(matrix) // 2),
        left_out=0,
        missing=0,
        confidence=confidence,
    )


def _choose_model(model: str | None, waves: int) -> str:
    if model is None:
        return "random intercepts" if waves >= 3 else "cross-lagged"
    if model not in MODELS:
        raise ValueError(f"model must be one of {', '.join(MODELS)}: {model!r}")
    if model == "random intercepts" and waves < 3:
        raise ValueError(f"random intercepts take 3 periods or more, not {waves}")
    return model
