"""From how many of each answer did and did not, to how far word and deed agree."""

import math
from collections.abc import Mapping

import numpy as np

from kokemus.measure._loyalty_results import Doers, SaidAndDone
from kokemus.measure._scoring import DETRACTOR_MAX, NPS_SCALE, PROMOTER_MIN
from kokemus.measure._survival_curves import normal_quantile
from kokemus.measure._survival_results import UNTOLD
from kokemus.measure.histograms import Floats, OffScale
from kokemus.measure.intervals import check_confidence, mean_interval, share_interval
from kokemus.measure.results import Estimate

CLASSES = {
    "detractor": (NPS_SCALE[0], DETRACTOR_MAX),
    "passive": (DETRACTOR_MAX + 1, PROMOTER_MIN - 1),
    "promoter": (PROMOTER_MIN, NPS_SCALE[1]),
}


def describe_said_and_done(
    counts: Mapping[float, tuple[float, float]], *, column: str, missing: int, confidence: float
) -> SaidAndDone:
    check_confidence(confidence)
    _check_scale(counts, column)
    scores = np.array(sorted(counts), float)
    did, did_not = np.array([counts[score] for score in scores.tolist()], float).reshape(-1, 2).T
    is_promoter = scores >= PROMOTER_MIN
    agree = float(did[is_promoter].sum() + did_not[~is_promoter].sum())
    return SaidAndDone(
        classes={
            name: _count((scores >= low) & (scores <= high), did, did_not, confidence)
            for name, (low, high) in CLASSES.items()
        },
        scores={
            int(score): _count(scores == score, did, did_not, confidence)
            for score in scores.tolist()
        },
        promoters_of_doers=_share(float(did[is_promoter].sum()), float(did.sum()), confidence),
        agreement=_share(agree, float((did + did_not).sum()), confidence),
        discrimination=_discriminate(did, did_not, confidence),
        calibration=_calibrate(scores, did, did_not, confidence),
        answers=round(float((did + did_not).sum())),
        missing=missing,
        confidence=confidence,
    )


def _check_scale(counts: Mapping[float, tuple[float, float]], column: str) -> None:
    low, high = NPS_SCALE
    off = {
        score: round(sum(pair))
        for score, pair in counts.items()
        if not (low <= score <= high and score == round(score))
    }
    if off:
        raise OffScale(column, off, f"the scale {low} to {high}")


def _count(
    is_chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    did: Floats,
    did_not: Floats,
    confidence: float,
) -> Doers:
    done = float(did[is_chosen].sum())
    said = done + float(did_not[is_chosen].sum())
    return Doers(said=round(said), did=round(done), share=_share(done, said, confidence))


def _share(part: float, whole: float, confidence: float) -> Estimate:
    if not whole:
        return UNTOLD
    return Estimate(part / whole, *share_interval(part, whole, confidence=confidence))


def _discriminate(did: Floats, did_not: Floats, confidence: float) -> Estimate:
    """Area under the curve with DeLong's error, on the logit scale."""
    doers, others = float(did.sum()), float(did_not.sum())
    if not doers or not others:
        return UNTOLD
    below = np.cumsum(did_not) - did_not / 2
    above = doers - np.cumsum(did) + did / 2
    area = float(did @ below) / doers / others
    if doers < 2 or others < 2 or not 0 < area < 1:
        return Estimate(area, None, None)
    of_doers = float(did @ (below / others - area) ** 2) / (doers - 1) / doers
    of_others = float(did_not @ (above / doers - area) ** 2) / (others - 1) / others
    reach = normal_quantile(confidence) * math.sqrt(of_doers + of_others) / (area * (1 - area))
    middle = math.log(area / (1 - area))
    return Estimate(area, *(1 / (1 + math.exp(-middle - side * reach)) for side in (-1, 1)))


def _calibrate(scores: Floats, did: Floats, did_not: Floats, confidence: float) -> Estimate:
    """Mean of deed less word as a chance, with Student's interval."""
    people = float((did + did_not).sum())
    if not people:
        return UNTOLD
    chance = scores / NPS_SCALE[1]
    mean = float(did @ (1 - chance) - did_not @ chance) / people
    squares = float(did @ (1 - chance - mean) ** 2 + did_not @ (-chance - mean) ** 2)
    if people < 2 or not squares:
        return Estimate(mean, None, None)
    deviation = math.sqrt(squares / (people - 1))
    return Estimate(mean, *mean_interval(mean, deviation, people, confidence=confidence))
