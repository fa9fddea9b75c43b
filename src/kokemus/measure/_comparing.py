"""From the sums of arms to their differences, with both kinds of interval."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kokemus.measure._arm_sums import (
    ArmMean,
    ArmSums,
    Slope,
    adjust_mean,
    find_fewest,
    find_slope,
)
from kokemus.measure._experiment_results import CANNOT_TELL, ArmResult, Comparison, Experiment
from kokemus.measure._false_discovery import adjust_p_values
from kokemus.measure._sample_ratio import (
    ArmCounts,
    SampleRatio,
    UnknownArm,
    check_ratio,
    read_shares,
)
from kokemus.measure.always_valid import always_valid_difference
from kokemus.measure.intervals import check_confidence
from kokemus.measure.results import Estimate

UNITS_MIN = 30  # of each arm, before an always-valid interval may be looked at
ROUNDING = 1e-6
CLUSTERS_FEW = 10  # of equal size, in the smaller arm; from there on nothing need be said
UNEQUAL = 0.5  # counting as fewer than this share of themselves
MEASURED_AT = 0.95  # the confidence at which coverage was simulated
UNKNOWN = Estimate(None, None, None)


def compare_arms(
    counts: Sequence[ArmCounts],
    sums: Mapping[Hashable, ArmSums],
    *,
    control: Hashable,
    has_pre: bool,
    has_clusters: bool,
    planned: float | None,
    shares: Mapping[Hashable, float] | None,
    confidence: float,
    unit: str,
) -> Experiment:
    check_confidence(confidence)
    if not sums:
        raise UnknownArm(f"cannot tell: no row names an arm, so there is no {control!r}")
    if control not in sums:
        raise UnknownArm(f"there is no arm {control!r}; there are {list(sums)}")
    if planned is not None and not 0 < planned < math.inf:
        raise ValueError(f"planned must be over 0, not {planned}")
    ratio = check_ratio(counts, shares=shares, has_answers=True)
    slope = find_slope(list(sums.values())) if has_pre else Slope()
    means = {arm: adjust_mean(each, slope) for arm, each in sums.items()}
    style = _Style(confidence, unit)
    plain = {arm: adjust_mean(each, Slope()) for arm, each in sums.items()}
    plan = _share_plan(planned, shares, list(sums))
    comparisons = [
        _compare_pair(
            (arm, control), sums, (means, plain if has_pre else None, slope), plan, ratio, style
        )
        for arm in sums
        if arm != control
    ]
    return Experiment(
        sample_ratio=ratio,
        comparisons=tuple(_adjust(comparisons)),
        arms=tuple(_describe_arm(arm, sums[arm], means[arm], confidence) for arm in sums),
        missing=round(sum(count.rows - count.answers for count in counts)),
        planned=planned,
        confidence=confidence,
        unit=unit,
        method="Welch t and normal-mixture confidence sequence"
        + ", cluster-robust" * has_clusters
        + ", CUPED" * has_pre,
    )


def _share_plan(
    planned: float | None, shares: Mapping[Hashable, float] | None, arms: Sequence[Hashable]
) -> dict[Hashable, float] | None:
    if planned is None:
        return None
    weights = read_shares(shares, arms)
    return {arm: planned * weight / sum(weights.values()) for arm, weight in weights.items()}


@dataclass(frozen=True)
class _Style:
    confidence: float
    unit: str


@dataclass(frozen=True)
class _Difference:
    """A difference of two means with its fixed interval; None where it cannot be told."""

    estimate: float | None
    standard_error: float | None
    fixed: Estimate
    p_value: float | None


def _compare_pair(
    pair: tuple[Hashable, Hashable],
    sums: Mapping[Hashable, ArmSums],
    means: tuple[Mapping[Hashable, ArmMean], Mapping[Hashable, ArmMean] | None, Slope],
    plan: Mapping[Hashable, float] | None,
    ratio: SampleRatio,
    style: _Style,
) -> Comparison:
    arm, control = pair
    adjusted, plain, slope = means
    found = _subtract(adjusted[arm], adjusted[control], slope, style.confidence)
    raw = found
    if plain is not None:
        raw = _subtract(plain[arm], plain[control], Slope(), style.confidence)
    progress = None if plan is None else _progress(pair, sums, adjusted, plan)
    always = _always_valid(found, progress, pair, sums, style.confidence)
    few = find_fewest([sums[each] for each in pair])
    return Comparison(
        arm=arm,
        control=control,
        fixed=found.fixed,
        always_valid=always,
        plain=raw.fixed,
        standard_error=found.standard_error,
        p_value=found.p_value,
        adjusted_p_value=found.p_value,
        variance_cut=None if plain is None else _cut(found, raw),
        progress=progress,
        answers=round(sums[arm].answers + sums[control].answers),
        confidence=style.confidence,
        clusters=None if few is None else round(few.units),
        caution=None if few is None else _caution(few, style.confidence),
        unit=style.unit,
        reading=_read(always) if ratio.is_sound else CANNOT_TELL,
    )


def _caution(fewest: ArmSums, confidence: float) -> str | None:
    """Say that clusters are few, or count as few, and how often the interval holds the truth."""
    worth = fewest.equal_units
    if worth >= CLUSTERS_FEW:
        return None
    words = f"few clusters: {round(fewest.units):,} in the smaller arm"
    is_unequal = worth < UNEQUAL * fewest.units
    if is_unequal:
        words += f", so unequal that they count as {max(worth, 1):.0f}"
    covers = f"; the interval covers about {97 if is_unequal else 96} %"
    return words + covers * (confidence == MEASURED_AT)


def _subtract(treated: ArmMean, control: ArmMean, slope: Slope, confidence: float) -> _Difference:
    """Subtract means; Welch's t interval, and none where no arm varies or an arm has one unit."""
    from scipy.special import stdtr, stdtrit

    estimate = treated.above - control.above + (treated.origin - control.origin)
    if math.isnan(estimate):
        return _Difference(None, None, UNKNOWN, None)
    variance = treated.variance + control.variance
    if not variance > 0:
        return _Difference(estimate, None, Estimate(estimate, None, None), None)
    parts = [each.variance**2 / each.degrees for each in (treated, control)]
    degrees = variance**2 / sum(parts)
    error = math.sqrt(variance + slope.variance * (treated.pre - control.pre) ** 2)
    margin = float(stdtrit(degrees, (1 + confidence) / 2)) * error
    p_value = 2 * float(stdtr(degrees, -abs(estimate) / error))
    fixed = Estimate(estimate, estimate - margin, estimate + margin)
    return _Difference(estimate, error, fixed, p_value)


def _progress(
    pair: tuple[Hashable, Hashable],
    sums: Mapping[Hashable, ArmSums],
    means: Mapping[Hashable, ArmMean],
    plan: Mapping[Hashable, float],
) -> float | None:
    """Information now over that of the plan, by the variances that an answer has now."""
    now = sum(means[arm].variance for arm in pair)
    if min(plan[arm] for arm in pair) <= 0 or not now > 0:
        return None
    planned = sum(means[arm].variance * sums[arm].answers / plan[arm] for arm in pair)
    return planned / now


def _always_valid(
    found: _Difference,
    progress: float | None,
    pair: tuple[Hashable, Hashable],
    sums: Mapping[Hashable, ArmSums],
    confidence: float,
) -> Estimate:
    if found.estimate is None or found.standard_error is None or progress is None:
        return Estimate(found.estimate, None, None)
    if min(sums[arm].equal_units for arm in pair) < UNITS_MIN - ROUNDING:
        return Estimate(found.estimate, None, None)
    low, high = always_valid_difference(
        found.estimate, found.standard_error, progress=progress, confidence=confidence
    )
    return Estimate(found.estimate, low, high)


def _cut(found: _Difference, raw: _Difference) -> float | None:
    if found.standard_error is None or raw.standard_error is None:
        return None
    return 1 - (found.standard_error / raw.standard_error) ** 2


def _read(always: Estimate) -> str:
    if always.low is not None and always.low > 0:
        return "better"
    return "worse" if always.high is not None and always.high < 0 else CANNOT_TELL


def _adjust(comparisons: Sequence[Comparison]) -> list[Comparison]:
    found = [math.nan if each.p_value is None else each.p_value for each in comparisons]
    adjusted = adjust_p_values(np.array(found, float)).tolist()
    return [
        replace(each, adjusted_p_value=None if math.isnan(p_value) else p_value)
        for each, p_value in zip(comparisons, adjusted, strict=True)
    ]


def _describe_arm(arm: Hashable, sums: ArmSums, mean: ArmMean, confidence: float) -> ArmResult:
    from scipy.special import stdtrit

    estimate = Estimate(None if math.isnan(mean.mean) else mean.mean, None, None)
    if mean.variance > 0:
        margin = float(stdtrit(mean.degrees, (1 + confidence) / 2)) * math.sqrt(mean.variance)
        estimate = Estimate(mean.mean, mean.mean - margin, mean.mean + margin)
    return ArmResult(arm=arm, answers=round(sums.answers), units=round(sums.units), mean=estimate)
