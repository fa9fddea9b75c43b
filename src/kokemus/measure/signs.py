"""Signs that scores are managed rather than earned: each alone proves nothing.

Common to all: a unit is compared with its peers, honest differences between units allowed for;
under 5 units cannot tell. Rows that name no unit are left out, and so are rows in which what the
sign needs is missing (null or NaN). Weights are not offered: what counts is what was done.
"""

from collections.abc import Hashable, Mapping, Sequence

from kokemus.measure._frame import IntoFrame, histogram
from kokemus.measure._frame.integrity import (
    count_invited,
    count_selection,
)
from kokemus.measure._integrity_results import Signs
from kokemus.measure._signs import (
    heap_ratio,
    heaping_signs,
    selectivity_signs,
    share_signs,
)
from kokemus.measure.histograms import Histogram, table_from_mapping
from kokemus.measure.results import Estimate

LEVEL = 0.05
HIGHEST = 10


def invitation_coverage(
    frame: IntoFrame, *, unit: str = "unit", invited: str = "invited", level: float = LEVEL
) -> Signs:
    """Units that ask after fewer of their encounters than the others. One group-by.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per encounter, asked after or not.
    unit : str
        Column with the unit, or the pseudonym of the staff member.
    invited : str
        Column of 0 and 1, or booleans.
    level : float
        False discovery rate over the units, by Benjamini and Hochberg.

    Returns
    -------
    Signs
        ``.found`` is the share that was asked after, with Wilson's interval.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.

    Notes
    -----
    Behaviour: none - a unit without encounters cannot tell; one, equal - no sign.

    An honest unit has p under 0.05 in at most 7 of 100 cases
    (seeded simulation, `tests/measure/test_integrity_false_alarm.py`).

    Where it misleads: units whose contacts have no address ask less, and do nothing wrong.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics
    in Medicine 24, 1185-1202.

    Examples
    --------
    >>> import polars as pl
    >>> asked = {"a": 80, "b": 84, "c": 79, "d": 81, "e": 83, "f": 30}
    >>> rows = [(unit, place < n) for unit, n in asked.items() for place in range(100)]
    >>> print(invitation_coverage(pl.DataFrame(rows, ["unit", "invited"], orient="row")))
    f: asked after 30 % of 100 encounters, others 81 %
    """
    return invitation_coverage_from_counts(
        count_invited(frame, unit=unit, invited=invited), level=level
    )


def invitation_coverage_from_counts(
    counts: Mapping[Hashable, tuple[float, float]], *, level: float = LEVEL
) -> Signs:
    """Units that ask after fewer of their encounters than the others, from counts.

    Parameters
    ----------
    counts : mapping
        Unit to (asked after, encounters).
    level : float
        As for `invitation_coverage`.

    Returns
    -------
    Signs

    Raises
    ------
    ValueError
        More asked after than encounters, or a level that is not allowed.

    Examples
    --------
    >>> asked = {"a": (80, 100), "b": (84, 100), "c": (79, 100), "d": (81, 100), "e": (83, 100)}
    >>> print(invitation_coverage_from_counts(asked))
    no sign in 5 units
    """

    def write(events: float, trials: float, peer: float) -> str:
        return (
            f"asked after {100 * events / max(trials, 1):.0f} % of {trials:,.0f} encounters,"
            f" others {100 * peer:.0f} %"
        )

    return share_signs("coverage", counts, level=level, write=write, is_inverted=True)


def invitation_selectivity(
    frame: IntoFrame,
    *,
    unit: str = "unit",
    invited: str = "invited",
    favourable: str = "resolved",
    strata: Sequence[str] = (),
    level: float = LEVEL,
    confidence: float = 0.95,
) -> Signs:
    """Units that ask rather after what went well, compared within strata. One group-by.

    Parameters
    ----------
    frame, unit, invited, level
        As for `invitation_coverage`.
    favourable : str
        Column of 0 and 1 known before the asking: resolved or not, on time or not.
    strata : sequence of str
        Columns within which to compare, such as touchpoint and month.
    confidence : float
        Nominal coverage of the odds ratio's interval.

    Returns
    -------
    Signs
        ``.found`` is Mantel and Haenszel's odds ratio with the interval of Robins, Breslow and
        Greenland; its nominal 95 % covers 94 to 96 % with ten strata of thirty encounters.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.

    Notes
    -----
    Behaviour: none, one, equal - where all or none were asked after, or all went alike, it cannot
    tell. The p-value compares the unit's log odds ratio (Peto's one step) with the others'; an
    honest unit has p under 0.05 in at most 7 of 100 cases.

    Where it misleads: if everybody asks rather after what went well, no unit stands out; read the
    ratios themselves. What the strata leave out can look like selection.

    References
    ----------
    Mantel, N. and Haenszel, W. (1959). Journal of the National Cancer Institute 22, 719-748.
    Robins, J., Breslow, N. and Greenland, S. (1986). Biometrics 42, 311-323.

    Examples
    --------
    >>> import polars as pl
    >>> rows = [
    ...     (unit, good, place < (40 if good or unit != "f" else 10))
    ...     for unit in "abcdef" for good in (True, False) for place in range(50)
    ... ]
    >>> frame = pl.DataFrame(rows, ["unit", "resolved", "invited"], orient="row")
    >>> [sign.unit for sign in invitation_selectivity(frame) if sign.is_found]
    ['f']
    """
    tables = count_selection(
        frame, unit=unit, invited=invited, favourable=favourable, strata=strata
    )
    return selectivity_signs(tables, level=level, confidence=confidence)


def invitation_selectivity_from_counts(
    tables: Mapping[Hashable, Sequence[tuple[float, float, float, float]]],
    *,
    level: float = LEVEL,
    confidence: float = 0.95,
) -> Signs:
    """Units that ask rather after what went well, from counts.

    Parameters
    ----------
    tables : mapping
        Unit to its strata, each (asked after good, asked after poor, not asked after good, not
        asked after poor).
    level, confidence
        As for `invitation_selectivity`.

    Returns
    -------
    Signs

    Raises
    ------
    ValueError
        A count is negative.

    Examples
    --------
    >>> fair, picked = (40, 40, 10, 10), (40, 10, 10, 40)
    >>> tables = {unit: [fair] for unit in "abcde"} | {"f": [picked]}
    >>> invitation_selectivity_from_counts(tables)[5].found.estimate
    16.0
    """
    return selectivity_signs(tables, level=level, confidence=confidence)


def heaping(
    frame: IntoFrame,
    *,
    unit: str = "unit",
    score: str = "score",
    threshold: int = 9,
    highest: int = HIGHEST,
    missing: Sequence[float] = (),
    level: float = LEVEL,
) -> Signs:
    """Units whose answers break at the bonus threshold, or heap at the top. One group-by.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    unit, level
        As for `invitation_coverage`.
    score : str
        Column of whole answers.
    threshold : int
        Lowest answer that counts for the bonus: 9.
    highest : int
        Highest answer of the scale: 10.
    missing : sequence of float
        Codes that mean no answer.

    Returns
    -------
    Signs
        ``.found`` is the break: the step in odds into the threshold over the steps beside it (with
        the threshold at the top, the last step over the one before), with its delta interval.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.
    ValueError
        The threshold is not within 2 and the highest answer.

    Notes
    -----
    Behaviour: none, one - under 3 answers of a value beside the threshold cannot tell; equal - the
    same. A better service raises every step alike and so moves neither measure; only a shape that
    the others have not does. Of the two measures the smaller p-value counts, doubled; an honest
    unit has p under 0.05 in at most 7 of 100 cases.

    Where it misleads: a unit with other contacts or another language may use the scale otherwise.

    References
    ----------
    McCrary, J. (2008). Manipulation of the running variable in the regression discontinuity
    design: a density test. Journal of Econometrics 142, 698-714.

    Examples
    --------
    >>> import polars as pl
    >>> fair, heaped = {7: 20, 8: 40, 9: 40, 10: 40}, {7: 20, 8: 5, 9: 75, 10: 40}
    >>> units = {unit: fair for unit in "abcde"} | {"f": heaped}
    >>> rows = [(u, s) for u, h in units.items() for s, n in h.items() for _ in range(n)]
    >>> found = heaping(pl.DataFrame(rows, ["unit", "score"], orient="row"))
    >>> [sign.unit for sign in found if sign.is_found]
    ['f']
    """
    table = histogram(frame, score=score, by=unit).without(missing)
    histograms: dict[Hashable, dict[float, float]] = {
        group: {} for group in table.groups if group is not None
    }
    rows = zip(table.group_index.tolist(), table.values.tolist(), table.answers, strict=True)
    for group, value, answers in rows:
        if table.groups[group] is not None:
            histograms[table.groups[group]][value] = float(answers)
    return heaping_from_histograms(histograms, threshold=threshold, highest=highest, level=level)


def heaping_from_histograms(
    histograms: Mapping[Hashable, Mapping[float, float]],
    *,
    threshold: int = 9,
    highest: int = HIGHEST,
    level: float = LEVEL,
) -> Signs:
    """Units whose answers break at the bonus threshold, or heap at the top, from histograms.

    Parameters
    ----------
    histograms : mapping
        Unit to a mapping of answer to count.
    threshold, highest, level
        As for `heaping`.

    Returns
    -------
    Signs

    Raises
    ------
    ValueError
        The threshold is not within 2 and the highest answer.

    Examples
    --------
    >>> fair = {7: 20, 8: 40, 9: 40, 10: 40}
    >>> print(heaping_from_histograms({unit: fair for unit in "abcdef"}))
    no sign in 6 units
    """
    if not 2 <= threshold <= highest:
        raise ValueError(f"threshold must be 2 to {highest}, not {threshold}")
    return heaping_signs(histograms, threshold=threshold, highest=highest, level=level)


def heap_ratio_from_histogram(
    histogram: Histogram, *, at: int, confidence: float = 0.95
) -> Estimate:
    """How many times an answer is as frequent as its two neighbours on average.

    Parameters
    ----------
    histogram : mapping
        Answer to its count.
    at : int
        The answer.
    confidence : float
        Nominal coverage of the delta interval; 95 % covers 94 to 96 % from 20 answers of it.

    Returns
    -------
    Estimate
        A ratio; low and high are None where a count is 0.

    Raises
    ------
    ValueError
        A count is below 0.

    Notes
    -----
    Behaviour: none - None; one, equal - no interval without neighbours. Where it misleads: people
    love round numbers, and a histogram with one peak heaps there without any gaming.

    Examples
    --------
    At San Francisco's airport in 2017, 144 gave a 5, and 18 and 130 a 4 and a 6:

    >>> print(heap_ratio_from_histogram({4: 18, 5: 144, 6: 130}, at=5))
    1.95 (1.55 to 2.45)
    """
    table = table_from_mapping(histogram)
    counts = dict(zip(table.values.tolist(), table.answers.tolist(), strict=True))
    return heap_ratio(counts, at=at, confidence=confidence)
