"""Experiments: the difference between arms, with intervals for one look and for every look."""

from collections.abc import Hashable, Mapping
from dataclasses import replace

from kokemus.measure._arm_sums import ArmSums
from kokemus.measure._comparing import compare_arms
from kokemus.measure._experiment_results import Experiment
from kokemus.measure._frame import IntoFrame, histogram
from kokemus.measure._frame.experiments import sum_arms
from kokemus.measure._sample_ratio import ArmCounts, check_same_arms
from kokemus.measure.results import Score


def experiment(
    frame: IntoFrame,
    *,
    outcome: str = "score",
    arm: str = "arm",
    control: Hashable,
    scale: str = "mean",
    pre: str | None = None,
    cluster: str | None = None,
    planned: float | None = None,
    shares: Mapping[Hashable, float] | None = None,
    confidence: float = 0.95,
) -> Experiment:
    """Compare the arms of an experiment: sample ratio first, then each arm less the control.

    Two group-bys (the first 1,000 rows give a centre before them); with `cluster` four.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per contact that was assigned, whether it answered or not.
    outcome : str
        Column of outcomes, numbers; missing where there was no answer.
    arm : str
        Column with the arm.
    control : object
        The arm that the others are compared with.
    scale : {"mean", "nps"}
        ``"mean"`` takes outcomes as they are. ``"nps"`` takes answers 0 to 10 as -100, 0 or 100,
        so that a difference is one of the Net Promoter Score, in points.
    pre : str, optional
        Column of a number known before the assignment, such as the contact's previous score: it
        makes the intervals narrower (CUPED). Who has none stays in, unadjusted.
    cluster : str, optional
        Column of the unit of randomisation, where that is more than a row (a shop, a flight, a
        contact who answers again and again).
    planned : float, optional
        Answers planned over all arms, fixed before the first look. Without it there is no
        always-valid interval.
    shares : mapping, optional
        Arm to its planned share or weight; equal without it.
    confidence : float
        Nominal coverage, over 0 and under 1.

    Returns
    -------
    Experiment

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.
    UnknownArm
        The control, or an arm of the plan, is not in the frame.
    SplitClusters
        A cluster has rows in two arms.
    OffScale
        With ``scale="nps"`` an answer is not 0, 1, … 10.

    Notes
    -----
    Behaviour: none - estimates are None; one - an arm with one unit has no variance, so there is a
    difference and no interval; all equal - with no variance in any arm there is no interval;
    missing - a missing outcome is no answer, counted in ``.missing`` and in the sample ratio; a
    missing pre-score takes the centre of the others'; weighted - not offered: arms were dealt by
    chance, so they need no weights.

    The interval for one look is Welch's t, over clusters where there are any. Nominal 95 % covers
    94 to 96 % from 30 answers of usual scores in each arm, with CUPED 94 %, as its slope is then
    taken as known. The always-valid one holds at all looks together: in 97 % of experiments
    looked at after every answer to four times the plan.

    Of clusters the variance and its degrees of freedom are those of few and unequal ones, were
    answers of a cluster correlated by 0.05 (Bell and McCaffrey; of G equal ones G - 1), and the
    slope of CUPED counts as found from them. Nominal 95 % covers 94 to 97 % with 3 to 40 clusters
    in an arm, of equal size or such that the largest of 10 is some three times the middle one,
    with and without CUPED (86 to 95 % without these factors); 97 to 99 % where one of 20 or 40
    holds a third of all answers. Where an arm has fewer clusters than count as 10 equal ones
    ``.caution`` and the print say so, with the coverage. Always-valid intervals wait for 30 equal
    ones (seeded simulations, `tests/measure/test_experiment_coverage.py`).

    Where it misleads: the interval for one look, read after every 20 answers in each arm to the
    planned end of 1,000, claims a difference that is not there in 22 % of experiments. Contacts of
    one arm who meet the other (the same agent serves both) blur the difference. What happened
    after the assignment must not be a pre-score. Several arms mean several chances to be wrong:
    see ``.adjusted_p_value``.

    References
    ----------
    Deng, A., Xu, Y., Kohavi, R. and Walker, T. (2013). Improving the sensitivity of online
    controlled experiments by utilizing pre-experiment data. WSDM 2013, 123-132.
    Waudby-Smith, I. et al. (2024), as for `always_valid_difference`.
    Bell, R. M. and McCaffrey, D. F. (2002). Bias reduction in standard errors for linear
    regression with multi-stage samples. Survey Methodology 28, 169-181.
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika 73, 13-22.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame(
    ...     {"arm": ["old", "new"] * 200, "score": [3, 9, 8, 10, 9, 9, 10, 7] * 50}
    ... )
    >>> print(experiment(frame, control="old", scale="nps", planned=1000))
    Sample ratio: as planned (assigned new 200, old 200; planned 50.0 %, 50.0 %; p 1).
    Answering: alike in all arms (new 100.0 %, old 100.0 %; p 1).
    new less old: 50.0 (always-valid 95 % interval 29.3 to 70.7; for one look 37.0 to 63.0; \
400 answers).
    new is higher than old, at whatever look this is.
    """
    if scale not in ("mean", "nps"):
        raise ValueError(f"scale must be mean or nps, not {scale!r}")
    if scale == "nps":
        histogram(frame, score=outcome).check_scale(0, 10, is_whole=True)
    counts, sums = sum_arms(
        frame, outcome=outcome, arm=arm, pre=pre, cluster=cluster, is_nps=scale == "nps"
    )
    return compare_arms(
        counts,
        sums,
        control=control,
        has_pre=pre is not None,
        has_clusters=cluster is not None,
        planned=planned,
        shares=shares,
        confidence=confidence,
        unit="points" if scale == "nps" else "scale",
    )


def experiment_from_sums(
    arms: Mapping[Hashable, ArmSums],
    *,
    control: Hashable,
    assigned: Mapping[Hashable, float] | None = None,
    planned: float | None = None,
    shares: Mapping[Hashable, float] | None = None,
    confidence: float = 0.95,
) -> Experiment:
    """Compare the arms of an experiment from sums per arm.

    Parameters
    ----------
    arms : mapping
        Arm to its `ArmSums`, of answers (`ArmSums.of_answers`: n, Σy, Σy², for CUPED also Σx, Σxy,
        Σx²) or of clusters (`ArmSums.of_clusters`).
    assigned : mapping, optional
        Arm to the units that were assigned to it; without it the units that answered.
    control, planned, shares, confidence
        As for `experiment`.

    Returns
    -------
    Experiment

    Raises
    ------
    UnknownArm
        The control, or an arm of the plan, has no sums.

    Examples
    --------
    >>> arms = {
    ...     "old": ArmSums.of_answers(2000, y=8464, yy=43068, x=14086, xy=64414, xx=107275),
    ...     "new": ArmSums.of_answers(2000, y=8620, yy=44641, x=14008, xy=65168, xx=106046),
    ... }
    >>> found = experiment_from_sums(arms, control="old", planned=6000)
    >>> print(found.comparisons[0])
    new less old: 0.1014 (always-valid 95 % interval -0.04325 to 0.246; for one look \
0.008455 to 0.1943; 4,000 answers; the pre-score cut the variance by 39 %).
    """
    check_same_arms(assigned if assigned is not None else arms, list(arms))
    counts = [
        ArmCounts.of_rows(arm, assigned[arm] if assigned is not None else sums.units, sums.units)
        for arm, sums in arms.items()
    ]
    return compare_arms(
        counts,
        arms,
        control=control,
        has_pre=any(sums.totals[3] for sums in arms.values()),
        has_clusters=any(sums.units != sums.answers for sums in arms.values()),
        planned=planned,
        shares=shares,
        confidence=confidence,
        unit="scale",
    )


def _without_group(score: Score) -> Score:
    return replace(score, group=None)
