"""Is it a change or the usual variation? Control charts, EWMA, change points, what changed since.

Common to all: counts per period come from one group-by of the frame's engine; null and NaN are
missing; periods are the values of any column and are put in their own order; a period of which
no row tells is not on the chart. Every alarm stands with how often it would come by chance.
"""

from collections.abc import Hashable, Sequence

import numpy as np

from kokemus.measure._change_points import ChangePoint, ChangePoints, change_points
from kokemus.measure._changed import what_changed, what_changed_from_histograms
from kokemus.measure._changes import MetricChange, MetricChanges
from kokemus.measure._control_charts import (
    DEFAULT_RULES,
    ChartPoint,
    ControlChart,
    build_chart,
    check_chart,
    counts_in,
    first_in_box,
    name_periods,
    nps_series,
    read_counts,
    share_series,
    split_dated,
)
from kokemus.measure._ewma import Ewma, EwmaPoint, ewma, ewma_run_length
from kokemus.measure._frame import IntoFrame, histogram
from kokemus.measure._frame.calendar import NotDates, with_iso_week

__all__ = [
    "ChangePoint",
    "ChangePoints",
    "ChartPoint",
    "ControlChart",
    "Ewma",
    "EwmaPoint",
    "MetricChange",
    "MetricChanges",
    "NotDates",
    "change_points",
    "ewma",
    "ewma_run_length",
    "nps_chart",
    "nps_chart_from_counts",
    "share_chart",
    "share_chart_from_counts",
    "what_changed",
    "what_changed_from_histograms",
    "with_iso_week",
]


def share_chart(
    frame: IntoFrame,
    score: str = "score",
    *,
    period: str = "period",
    scale: tuple[float, float] = (1, 5),
    box: int = 2,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    baseline: int | None = None,
    sigmas: float = 3.0,
    rules: Sequence[str] = DEFAULT_RULES,
) -> ControlChart:
    """Control chart of the share in the top boxes of a scale, by Laney's p-prime.

    For a column of booleans or of 0 and 1 pass ``scale=(0, 1), box=1``. One group-by, of periods
    and answers.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    score : str
        Column of answers, whole numbers of the scale.
    period : str
        Column whose values are the periods, in their own order (dates, "2026-W05", numbers).
    scale, box
        As for `csat`: the lowest and the highest answer, and how many of the highest count.
    weight, count, missing
        As for `nps`; with weights a period's answers are Kish's effective number.
    baseline : int, optional
        How many of the first periods set the centre and the limits; all without it.
    sigmas : float
        Where the limits are, in standard deviations.
    rules : sequence of str
        Of "outside", "run_of_8", "two_of_three", "four_of_five" and "trend_of_6".

    Returns
    -------
    ControlChart
        In percent, 0 to 100; limits end there.

    Raises
    ------
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.
    ValueError
        A rule is unknown, or the baseline, the box or the limits make no sense.

    Notes
    -----
    Behaviour: none - no centre; one period, or answers that are all the same - centre without
    limits, it cannot tell; missing - rows without an answer or a period are counted in
    ``.missing``; weighted - effective answers.

    The limits are ``centre ± sigmas · error · spread``: the error is that of sampling at the
    period's own number of answers, the spread is the mean moving range of the standardised
    points over 1.128, so the limits hold where the periods vary more than sampling explains.

    The chance that such a chart signals when nothing changes is simulated with the same limits
    and rules: counts drawn at the baseline's shares and the very numbers of answers (500 to 3,000
    charts, seeded, right to some 2 points of percent; normal points where each outcome has 50
    answers times share times rest). A spread over 1 by more than chance explains adds normal
    variation between periods. It takes the baseline's shares as the true ones: with 12 of 400
    answers off it errs by a third either way.

    Where it misleads: with thousands of answers a period, limits of sampling alone would flag
    nearly each; these do not, but a slow drift inflates them little and is found late. Looking
    at 24 periods for points outside or runs of 8 raises a false alarm in 9 % of charts, at 52 in
    23 %, and with few answers of a share near 0 or 100 % far oftener (of 20 periods of 20 answers
    at 97 % in a third), and the chart says so. Neighbouring periods that resemble each other (the
    same customers answer again) narrow the moving range and make the limits too narrow. From fewer
    than 12 periods limits are rough.

    References
    ----------
    Laney, D. B. (2002). Improved control charts for attributes. Quality Engineering 14(4),
    531-537.

    Examples
    --------
    >>> import polars as pl
    >>> weeks = [week for week in range(1, 15) for _ in range(50)]
    >>> happy = [week * 7 % 5 + 30 - 14 * (week == 14) for week in range(1, 15)]
    >>> answers = [place < each for each in happy for place in range(50)]
    >>> chart = share_chart(pl.DataFrame({"period": weeks, "score": answers}), scale=(0, 1), box=1)
    >>> print(chart.signals[0].period, chart.signals[0].signals)
    14 ('outside',)
    """
    table = histogram(frame, score=score, by=period, weight=weight, count=count).without(missing)
    table, periods, left_out = split_dated(table)
    table.check_scale(*scale, is_whole=True)
    first = first_in_box(scale, box)
    answers = counts_in(table, table.values == table.values)[: len(periods)]
    hits = counts_in(table, table.values >= first)[: len(periods)]
    length = check_chart(len(periods), baseline, sigmas)
    series = share_series(hits, answers, periods, length)
    return build_chart(series, baseline=length, sigmas=sigmas, rules=rules, missing=left_out)


def share_chart_from_counts(
    successes: Sequence[float],
    answers: Sequence[float],
    *,
    periods: Sequence[Hashable] | None = None,
    baseline: int | None = None,
    sigmas: float = 3.0,
    rules: Sequence[str] = DEFAULT_RULES,
) -> ControlChart:
    """Control chart of a share from its counts by period, by Laney's p-prime.

    Parameters
    ----------
    successes, answers : sequences of float
        A number for each period, in order of time.
    periods : sequence, optional
        Names of the periods; 1, 2, … without it.
    baseline, sigmas, rules
        As for `share_chart`.

    Returns
    -------
    ControlChart
        In percent, 0 to 100.

    Raises
    ------
    ValueError
        Counts are below 0 or do not match; a rule is unknown; limits or baseline make no sense.

    Notes
    -----
    Behaviour and where it misleads: as for `share_chart`; a period of 0 answers stays on the
    chart without a point. The reference is there, too.

    Examples
    --------
    >>> chart = share_chart_from_counts([30, 31, 29, 33, 30, 15], [50] * 6, baseline=5)
    >>> print(chart)
    share by period: centre 61.2 %, 6 periods, limits at 3 standard deviations, spread 0.64 times that of sampling
    6: 30.0 %, limits 47.9 % to 74.5 % (outside)
    by chance such a chart signals in 7 % of cases when nothing changes
    fewer than 12 periods set the limits: they are rough
    """  # noqa: E501
    hits, totals = read_counts(successes, answers)
    names = name_periods(periods, len(totals))
    length = check_chart(len(totals), baseline, sigmas)
    series = share_series(hits, totals, names, length)
    return build_chart(series, baseline=length, sigmas=sigmas, rules=rules)


def nps_chart(
    frame: IntoFrame,
    score: str = "score",
    *,
    period: str = "period",
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    baseline: int | None = None,
    sigmas: float = 3.0,
    rules: Sequence[str] = DEFAULT_RULES,
) -> ControlChart:
    """Control chart of the Net Promoter Score by period: p-prime with the trinomial variance.

    One group-by, of periods and answers.

    Parameters
    ----------
    frame, period, weight, count, missing, baseline, sigmas, rules
        As for `share_chart`.
    score : str
        Column of answers, whole numbers 0 to 10.

    Returns
    -------
    ControlChart
        In points, -100 to 100.

    Raises
    ------
    UnknownColumn, NotNumbers, OffScale, NegativeWeights, ValueError
        As for `share_chart`.

    Notes
    -----
    Behaviour and where it misleads: as for `share_chart`. An NPS is no share: its error comes of
    both ends, ``p + q - (p - q)²`` for promoters p and detractors q. A chart with binomial limits
    is wrong for it.

    References
    ----------
    Laney, D. B. (2002). Improved control charts for attributes. Quality Engineering 14(4),
    531-537. The trinomial variance is that of the score itself.

    Examples
    --------
    >>> import polars as pl
    >>> weeks = [f"2026-W{week:02}" for week in range(1, 15) for _ in range(60)]
    >>> scores = [(10, 9, 8, 10, 4)[place * week % 5] for week in range(1, 15) for place in range(60)]
    >>> chart = nps_chart(pl.DataFrame({"period": weeks, "score": scores}))
    >>> print(len(chart.points), [point.period for point in chart.signals])
    14 ['2026-W05', '2026-W10']
    """  # noqa: E501
    table = histogram(frame, score=score, by=period, weight=weight, count=count).without(missing)
    table, periods, left_out = split_dated(table)
    table.check_scale(0, 10, is_whole=True)
    values = table.values
    down, between, up = (
        counts_in(table, is_counted)[: len(periods)]
        for is_counted in (values <= 6, (values > 6) & (values < 9), values >= 9)
    )
    length = check_chart(len(periods), baseline, sigmas)
    series = nps_series(down, between, up, periods, length)
    return build_chart(series, baseline=length, sigmas=sigmas, rules=rules, missing=left_out)


def nps_chart_from_counts(
    detractors: Sequence[float],
    passives: Sequence[float],
    promoters: Sequence[float],
    *,
    periods: Sequence[Hashable] | None = None,
    baseline: int | None = None,
    sigmas: float = 3.0,
    rules: Sequence[str] = DEFAULT_RULES,
) -> ControlChart:
    """Control chart of the Net Promoter Score from the three counts of each period.

    Parameters
    ----------
    detractors, passives, promoters : sequences of float
        A number for each period, in order of time.
    periods, baseline, sigmas, rules
        As for `share_chart_from_counts`.

    Returns
    -------
    ControlChart
        In points, -100 to 100.

    Raises
    ------
    ValueError
        As for `share_chart_from_counts`.

    Notes
    -----
    Behaviour, where it misleads and the reference: as for `nps_chart`.

    Examples
    --------
    >>> chart = nps_chart_from_counts([8, 9, 7, 9], [9, 9, 10, 8], [19, 18, 19, 20])
    >>> print(f"{chart.centre:.2f}, {chart.points[0].limit_low:.1f} to {chart.points[0].limit_high:.1f}")
    29.66, 14.1 to 45.2
    """  # noqa: E501
    down, between, up = read_counts(detractors, passives, promoters)
    names = name_periods(periods, len(np.atleast_1d(down)))
    length = check_chart(len(down), baseline, sigmas)
    series = nps_series(down, between, up, names, length)
    return build_chart(series, baseline=length, sigmas=sigmas, rules=rules)
