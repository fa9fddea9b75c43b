"""How much two scores differ, from their own intervals."""

import math

from kokemus.measure.results import Score


class Incomparable(ValueError):
    """Two scores of different kinds, units or confidences have no difference."""


def difference(later: Score, earlier: Score) -> Score:
    """Difference of two independent scores, with the MOVER interval.

    The interval is recovered from the two scores' own limits, so it inherits their good coverage:
    from Wilson intervals it is Newcombe's hybrid score interval.

    Parameters
    ----------
    later, earlier : Score
        Scores of the same name, unit and confidence, of different answers.

    Returns
    -------
    Score
        ``later`` less ``earlier`` in the same unit; its answers are those of both together.

    Raises
    ------
    Incomparable
        The scores differ in name, unit or confidence.

    Notes
    -----
    Behaviour: none - where either has no estimate, the difference has none; where either has no
    interval, the difference has none; one, equal, missing, weighted - as in the two scores.

    Where it misleads: answers of the same people in both periods are not independent, and the
    interval is then too wide or too narrow. A difference also comes of a changed mix of who
    answered. Looked at every day, one difference in twenty seems certain by chance.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions:
    comparison of eleven methods. Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> from kokemus.measure import csat_from_histogram
    >>> now = csat_from_histogram({5: 56, 1: 14})
    >>> then = csat_from_histogram({5: 48, 1: 32})
    >>> print(difference(now, then))
    CSAT difference 20.0 % (95 % interval 5.2 % to 33.4 %, 150 answers, mover method)
    """
    _check(later, earlier)
    low, high = _limits(later, earlier)
    known = later.estimate is not None and earlier.estimate is not None
    return Score(
        name=f"{later.name} difference",
        estimate=later.estimate - earlier.estimate if known else None,  # type: ignore[operator]
        low=low,
        high=high,
        answers=later.answers + earlier.answers,
        missing=later.missing + earlier.missing,
        effective_answers=later.effective_answers + earlier.effective_answers,
        method="mover",
        confidence=later.confidence,
        unit=later.unit,
        group=later.group,
    )


def _check(later: Score, earlier: Score) -> None:
    kinds = [(score.name, score.unit, score.confidence) for score in (later, earlier)]
    if kinds[0] != kinds[1]:
        raise Incomparable(f"{kinds[0]} and {kinds[1]} have no difference.")


def _limits(later: Score, earlier: Score) -> tuple[float | None, float | None]:
    numbers = (later.estimate, later.low, later.high)
    others = (earlier.estimate, earlier.low, earlier.high)
    if None in numbers or None in others:
        return None, None
    estimate, low, high = (float(number) for number in numbers if number is not None)
    before, before_low, before_high = (float(number) for number in others if number is not None)
    change = estimate - before
    return (
        change - math.hypot(estimate - low, before_high - before),
        change + math.hypot(high - estimate, before - before_low),
    )
