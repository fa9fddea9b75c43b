"""Signs in when and whence answers come, and in how they jump: see `signs` for what is common."""

from collections.abc import Hashable, Mapping, Sequence

from kokemus.measure._frame import IntoFrame
from kokemus.measure._frame.integrity import (
    count_blocks,
    count_devices,
    count_early,
    sum_before_after,
)
from kokemus.measure._integrity_results import Signs
from kokemus.measure._signs import CROWD, Moments, burst_signs, jump_signs, share_signs

LEVEL = 0.05


def answer_bursts(
    frame: IntoFrame,
    *,
    unit: str = "unit",
    time: str = "time",
    minutes: float = 1.0,
    level: float = LEVEL,
) -> Signs:
    """Units whose answers crowd into single minutes. Three group-bys.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    unit, level
        As for `invitation_coverage`.
    time : str
        Column of dates with times, or of seconds.
    minutes : float
        Length of the window in which three answers make a burst.

    Returns
    -------
    Signs
        ``.found`` is the share of the unit's stretches of ten windows that hold a burst.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold times.

    Notes
    -----
    Behaviour: none, one - no burst, no sign; equal times are one burst. Given how many answers a
    stretch of ten windows has, the chance that three share one is exact if honest answers spread
    evenly over it; the sign needs more than that, and more than the others have. An honest unit
    has p under 0.05 in at most 1 of 100 cases.

    Where it misleads: invitations sent by the thousand are answered in bursts by honest people (in
    all units alike, which the peers allow for); a group on one visit answers at once.

    References
    ----------
    Feller, W. (1968). An introduction to probability theory and its applications, volume 1,
    chapter II (occupancy). Wiley.

    Examples
    --------
    >>> import polars as pl
    >>> calm = [(unit, 700.0 * place) for unit in "abcde" for place in range(40)]
    >>> burst = [("f", 6000.0 * place + second) for place in range(10) for second in (0, 9, 20, 31)]
    >>> print(answer_bursts(pl.DataFrame(calm + burst, ["unit", "time"], orient="row")))
    f: 10 times 3 answers or more within 1 min, where 0.4 would come of chance
    """
    if not minutes > 0:
        raise ValueError(f"minutes must be over 0, not {minutes}")
    blocks = count_blocks(frame, unit=unit, time=time, minutes=minutes, crowd=CROWD)
    return burst_signs(blocks, level=level, minutes=minutes)


def answer_bursts_from_blocks(
    blocks: Mapping[Hashable, Mapping[int, tuple[float, float]]],
    *,
    minutes: float = 1.0,
    level: float = LEVEL,
) -> Signs:
    """Units whose answers crowd into single minutes, from counts of stretches of ten windows.

    Parameters
    ----------
    blocks : mapping
        Unit to a mapping of the answers in a stretch to (stretches, those with three answers or
        more in one window).
    minutes, level
        As for `answer_bursts`.

    Returns
    -------
    Signs

    Examples
    --------
    >>> print(answer_bursts_from_blocks({unit: {1: (40, 0), 3: (5, 0)} for unit in "abcdef"}))
    no sign in 6 units
    """
    return burst_signs(blocks, level=level, minutes=minutes)


def shared_devices(
    frame: IntoFrame, *, unit: str = "unit", device: str = "device", level: float = LEVEL
) -> Signs:
    """Units whose answers come again and again from one device or address. Two group-bys.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    unit, level
        As for `invitation_coverage`.
    device : str
        Column with a pseudonym of the device or address.

    Returns
    -------
    Signs
        ``.found`` is the share of answers from a device that has answered before.

    Raises
    ------
    UnknownColumn
        A column is not there.

    Notes
    -----
    Behaviour: none - cannot tell; one, equal - as counted. An honest unit has p under 0.05 in at
    most 7 of 100 cases if repeats come one by one; where one device repeats often, in more.

    Where it misleads: a shop's own tablet, a company's one address, a family.

    Examples
    --------
    >>> import polars as pl
    >>> rows = [(unit, f"{unit}{place}") for unit in "abcde" for place in range(60)]
    >>> rows += [("f", f"f{place % 20}") for place in range(60)]
    >>> print(shared_devices(pl.DataFrame(rows, ["unit", "device"], orient="row")))
    f: 40 of 60 answers from a device that had answered before, others 0.0 %
    """
    counts = count_devices(frame, unit=unit, device=device)
    return shared_devices_from_counts(counts, level=level)


def shared_devices_from_counts(
    counts: Mapping[Hashable, tuple[float, float]], *, level: float = LEVEL
) -> Signs:
    """Units whose answers come again and again from one device or address, from counts.

    Parameters
    ----------
    counts : mapping
        Unit to (answers from a device that has answered before, answers).
    level : float
        As for `invitation_coverage`.

    Returns
    -------
    Signs

    Examples
    --------
    >>> print(shared_devices_from_counts({unit: (1, 80) for unit in "abcdef"}))
    no sign in 6 units
    """

    def write(events: float, trials: float, peer: float) -> str:
        return (
            f"{events:,.0f} of {trials:,.0f} answers from a device that had answered before,"
            f" others {100 * peer:.1f} %"
        )

    return share_signs("shared devices", counts, level=level, write=write)


def early_answers(
    frame: IntoFrame,
    *,
    unit: str = "unit",
    answered: str = "answered",
    closed: str = "closed",
    level: float = LEVEL,
) -> Signs:
    """Units whose answers come before the encounter was over. One group-by.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    unit, level
        As for `invitation_coverage`.
    answered, closed : str
        Columns of dates with times, or of seconds.

    Returns
    -------
    Signs
        ``.found`` is the share of answers before the close.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold times.

    Notes
    -----
    Behaviour: none - cannot tell; one, equal - as counted; equal times are not early. An honest
    unit has p under 0.05 in at most 7 of 100 cases.

    Where it misleads: a clerk who closes matters at the end of the day.

    Examples
    --------
    >>> import polars as pl
    >>> rows = [(unit, 100 + place, 90) for unit in "abcde" for place in range(60)]
    >>> rows += [("f", 60 + place, 90) for place in range(60)]
    >>> print(early_answers(pl.DataFrame(rows, ["unit", "answered", "closed"], orient="row")))
    f: 30 of 60 answers before the close, others 0.0 %
    """
    counts = count_early(frame, unit=unit, answered=answered, closed=closed)
    return early_answers_from_counts(counts, level=level)


def early_answers_from_counts(
    counts: Mapping[Hashable, tuple[float, float]], *, level: float = LEVEL
) -> Signs:
    """Units whose answers come before the encounter was over, from counts.

    Parameters
    ----------
    counts : mapping
        Unit to (answers before the close, answers).
    level : float
        As for `invitation_coverage`.

    Returns
    -------
    Signs

    Examples
    --------
    >>> print(early_answers_from_counts({unit: (0, 80) for unit in "abcdef"}))
    no sign in 6 units
    """

    def write(events: float, trials: float, peer: float) -> str:
        return f"{events:,.0f} of {trials:,.0f} answers before the close, others {100 * peer:.1f} %"

    return share_signs("early answers", counts, level=level, write=write)


def coaching_jump(
    frame: IntoFrame,
    *,
    unit: str = "unit",
    score: str = "score",
    after: str = "after_coaching",
    strata: Sequence[str] = (),
    level: float = LEVEL,
    confidence: float = 0.95,
) -> Signs:
    """Units whose answers jump after coaching more than the others', like with like. One group-by.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    unit, level
        As for `invitation_coverage`.
    score : str
        Column of answers, numbers.
    after : str
        Column of 0 and 1: whether the answer came after the unit's coaching.
    strata : sequence of str
        Columns that say how the matter went (resolved or not, on time or not): what improved
        there should not count as a jump.
    confidence : float
        Nominal coverage of the interval.

    Returns
    -------
    Signs
        ``.found`` is the rise within strata, in the unit of the score, with a normal interval that
        at 95 % covers 93 to 96 % from 20 answers before and after.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.

    Notes
    -----
    Behaviour: none, one - without answers on both sides in a stratum it cannot tell; equal - no
    variance, cannot tell. An honest unit has p under 0.05 in at most 7 of 100 cases.

    Where it misleads: good coaching raises scores, and that is its purpose. A jump that no outcome
    explains is a reason to ask how, no more.

    Examples
    --------
    >>> import polars as pl
    >>> rows = [
    ...     (unit, after, 5 + place % 4 + (2 if unit == "f" and after else 0))
    ...     for unit in "abcdef" for after in (0, 1) for place in range(40)
    ... ]
    >>> frame = pl.DataFrame(rows, ["unit", "after_coaching", "score"], orient="row")
    >>> print(coaching_jump(frame))
    f: answers rose by 2.00 after the coaching, like with like; others 0.00
    """
    sums = sum_before_after(frame, unit=unit, score=score, after=after, strata=strata)
    return coaching_jump_from_moments(sums, level=level, confidence=confidence)


def coaching_jump_from_moments(
    moments: Mapping[Hashable, Sequence[tuple[Sequence[float], Sequence[float]]]],
    *,
    level: float = LEVEL,
    confidence: float = 0.95,
) -> Signs:
    """Units whose answers jump after coaching more than the others', from sums.

    Parameters
    ----------
    moments : mapping
        Unit to its strata, each a pair, before and after, of (n, Σy, Σy²).
    level, confidence
        As for `coaching_jump`.

    Returns
    -------
    Signs

    Examples
    --------
    >>> same = [((40, 260, 1740), (40, 260, 1740))]
    >>> print(coaching_jump_from_moments({unit: same for unit in "abcdef"}))
    no sign in 6 units
    """
    read = {
        unit: [(Moments(*before), Moments(*later)) for before, later in strata]
        for unit, strata in moments.items()
    }
    return jump_signs(read, level=level, confidence=confidence)
