"""Signs of gaming put together, and what a score could be if all had answered."""

from collections.abc import Hashable, Mapping, Sequence

from kokemus.measure._frame import IntoFrame, list_columns
from kokemus.measure._frame.integrity import count_encounters
from kokemus.measure._integrity_results import FAMILIES_MIN, Integrity, Sign, Signs, UnitIntegrity
from kokemus.measure.results import Score
from kokemus.measure.scores import nps
from kokemus.measure.signs import (
    LEVEL,
    heaping,
    invitation_coverage,
    invitation_selectivity,
)
from kokemus.measure.timing_signs import (
    answer_bursts,
    coaching_jump,
    early_answers,
    shared_devices,
)

POINTS = 100.0


def integrity_signs(
    frame: IntoFrame,
    *,
    unit: str = "unit",
    score: str | None = None,
    invited: str | None = None,
    favourable: str | None = None,
    strata: Sequence[str] = (),
    threshold: int = 9,
    answered: str | None = None,
    closed: str | None = None,
    device: str | None = None,
    after_coaching: str | None = None,
    missing: Sequence[float] = (),
    level: float = LEVEL,
) -> Integrity:
    """Look for every sign of gaming that the columns allow; two independent ones make a flag.

    Up to eleven group-bys, one to three for each sign that is looked for.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per encounter, asked after or not, answered or not.
    unit : str
        Column with the unit, or the pseudonym of the staff member.
    score : str, optional
        Column of answers 0 to 10, missing where nobody answered: for heaping, and for the bounds
        of the Net Promoter Score.
    invited, favourable, strata
        For coverage and selectivity; see `invitation_selectivity`.
    threshold : int
        Lowest answer that counts for the bonus.
    answered, closed : str, optional
        Columns of times: for bursts, and with both for early answers.
    device : str, optional
        Column with a pseudonym of the device or address: for shared devices.
    after_coaching : str, optional
        Column of 0 and 1: for the jump after coaching, with `score`; compared within the strata
        and within `favourable`.
    missing : sequence of float
        Codes of the score that mean no answer.
    level : float
        False discovery rate of each sign over the units, by Benjamini and Hochberg.

    Returns
    -------
    Integrity

    Raises
    ------
    UnknownColumn, NotNumbers, OffScale
        A column is not there, does not hold numbers or times, or is off the scale.
    ValueError
        No column to look at was named.

    Notes
    -----
    Behaviour: none, one, equal, missing - as for each sign; weighted - not offered.

    Each sign gives an honest unit a p-value under 0.05 in at most 7 of 100 cases; over the units
    the false discovery rate is `level`; and a flag takes signs of two of the families asking,
    answers, timing and coaching. Of 100 simulated companies of 40 honest units none had a unit
    flagged (`tests/measure/test_integrity_false_alarm.py`).

    Where it misleads: a flag is a reason for a talk, not a finding. A unit with other customers,
    an own tablet and a late clerk shows signs and has done nothing. And who games as much as the
    rest shows none.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> import polars as pl
    >>> fair, heaped = (5, 6, 7, 7, 8, 8, 9, 9, 10, 10), (7, 8, 9, 9, 9, 9, 9, 9, 10, 10)
    >>> rows = [
    ...     (unit, good, asked, (heaped if unit == "l" else fair)[place % 10] if asked else None)
    ...     for unit in "abcdefghijkl" for good in (1, 0) for place in range(90)
    ...     for asked in [place < (80 if good or unit != "l" else 20)]
    ... ]
    >>> frame = pl.DataFrame(rows, ["unit", "resolved", "asked", "score"], orient="row")
    >>> found = integrity_signs(frame, score="score", invited="asked", favourable="resolved")
    >>> [(unit.unit, [sign.kind for sign in unit.signs]) for unit in found.flagged]
    [('l', ['coverage', 'selectivity', 'heaping'])]
    """
    like = [*list_columns(strata), *filter(None, [favourable])]
    found: list[Signs] = []
    if invited is not None:
        found.append(invitation_coverage(frame, unit=unit, invited=invited, level=level))
    if invited is not None and favourable is not None:
        found.append(
            invitation_selectivity(
                frame, unit=unit, invited=invited, favourable=favourable, strata=strata, level=level
            )
        )
    if score is not None:
        found.append(
            heaping(
                frame, unit=unit, score=score, threshold=threshold, missing=missing, level=level
            )
        )
    if answered is not None:
        found.append(answer_bursts(frame, unit=unit, time=answered, level=level))
    if answered is not None and closed is not None:
        found.append(early_answers(frame, unit=unit, answered=answered, closed=closed, level=level))
    if device is not None:
        found.append(shared_devices(frame, unit=unit, device=device, level=level))
    if after_coaching is not None and score is not None:
        found.append(
            coaching_jump(
                frame, unit=unit, score=score, after=after_coaching, strata=like, level=level
            )
        )
    if not found:
        raise ValueError("name a column to look at: score, invited, answered, device, …")
    scores, encounters = _read_scores(frame, unit, score, missing)
    return integrity_from_signs(found, scores=scores, encounters=encounters, level=level)


def integrity_from_signs(
    signs: Sequence[Signs],
    *,
    scores: Mapping[Hashable, Score] | None = None,
    encounters: Mapping[Hashable, float] | None = None,
    level: float = LEVEL,
) -> Integrity:
    """Put signs together by unit; two independent ones make a flag.

    Parameters
    ----------
    signs : sequence of Signs
        Each sign in all units.
    scores : mapping, optional
        Unit to its Net Promoter Score, for the bounds.
    encounters : mapping, optional
        Unit to how many encounters it had.
    level : float
        The false discovery rate that the signs were made with.

    Returns
    -------
    Integrity

    Examples
    --------
    >>> from kokemus.measure import early_answers_from_counts, heaping_from_histograms
    >>> fair, heaped = {7: 20, 8: 40, 9: 40, 10: 40}, {7: 20, 8: 5, 9: 75, 10: 40}
    >>> signs = [
    ...     heaping_from_histograms({unit: fair for unit in "abcde"} | {"f": heaped}),
    ...     early_answers_from_counts({unit: (1, 140) for unit in "abcde"} | {"f": (70, 140)}),
    ... ]
    >>> [unit.unit for unit in integrity_from_signs(signs).flagged]
    ['f']
    """
    units = list(dict.fromkeys(sign.unit for each in signs for sign in each))
    return Integrity(
        units=tuple(
            _describe(
                unit,
                [sign for each in signs for sign in each if sign.unit == unit and sign.is_found],
                (scores or {}).get(unit),
                (encounters or {}).get(unit),
            )
            for unit in units
        ),
        kinds=tuple(dict.fromkeys(each[0].kind for each in signs if len(each))),
        level=level,
    )


def coverage_bound(score: Score, *, encounters: float) -> tuple[float, float]:
    """Between what points a Net Promoter Score would lie if all encounters had answered.

    Parameters
    ----------
    score : Score
        A Net Promoter Score, in points.
    encounters : float
        Encounters that it stands for: at least as many as its answers.

    Returns
    -------
    tuple of float
        With share s of the encounters answered, s · NPS - 100 (1 - s) and s · NPS + 100 (1 - s).

    Raises
    ------
    ValueError
        The score is not in points, or there are fewer encounters than answers.

    Notes
    -----
    Behaviour: no answers - -100 to 100; all answered - the score itself. It holds whatever those
    who did not answer think, and says nothing of chance: it is not a confidence interval.

    References
    ----------
    Manski, C. F. (2003). Partial identification of probability distributions. Springer.

    Examples
    --------
    >>> from kokemus.measure import nps_from_histogram
    >>> coverage_bound(nps_from_histogram({10: 60, 8: 20, 3: 20}), encounters=400)
    (-65.0, 85.0)
    """
    if score.unit != "points":
        raise ValueError(f"the score must be in points, not in {score.unit}")
    if encounters < score.answers or encounters <= 0:
        raise ValueError(f"{encounters} encounters cannot have {score.answers} answers")
    share = score.answers / encounters
    known = share * (score.estimate or 0.0)
    return known - POINTS * (1 - share), known + POINTS * (1 - share)


def _read_scores(
    frame: IntoFrame, unit: str, score: str | None, missing: Sequence[float]
) -> tuple[dict[Hashable, Score], dict[Hashable, float]]:
    if score is None:
        return {}, {}
    scores = nps(frame, score, by=unit, missing=missing)
    return {each.group: each for each in scores}, count_encounters(frame, unit=unit)


def _describe(
    unit: Hashable, signs: Sequence[Sign], score: Score | None, encounters: float | None
) -> UnitIntegrity:
    families = tuple(dict.fromkeys(sign.family for sign in signs))
    is_bounded = score is not None and encounters is not None
    return UnitIntegrity(
        unit=unit,
        signs=tuple(signs),
        families=families,
        is_flagged=len(families) >= FAMILIES_MIN,
        score_bounds=coverage_bound(score, encounters=encounters)
        if score is not None and encounters is not None
        else None,
        answered_share=score.answers / encounters
        if is_bounded and score is not None and encounters
        else None,
    )
