"""Who answered of those asked: AAPOR's rates, and the rate of what was delivered."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

from kokemus.measure._frame import IntoFrame, tally_cells
from kokemus.measure.histograms import write_number
from kokemus.measure.intervals import check_confidence, wilson_interval
from kokemus.measure.results import Estimate, HtmlTable, Result, write_group

if TYPE_CHECKING:
    import altair

CODES = {
    "I": "complete answers",
    "P": "partial answers",
    "R": "refusals and break-offs",
    "NC": "not reached, known to be eligible",
    "O": "other eligible who did not answer",
    "UH": "unknown whether there is anyone eligible",
    "UO": "unknown for other reasons",
    "B": "unknown, the message came back undelivered",
    "NE": "not eligible",
}
RATES = (
    *("RR1", "RR2", "RR3", "RR4", "RR5", "RR6"),
    *("COOP1", "COOP2", "COOP3", "COOP4"),
    *("REF1", "REF2", "REF3"),
    *("CON1", "CON2", "CON3"),
)


By = str | Sequence[str]


class RateOptions(TypedDict, total=False):
    codes: Mapping[Hashable, str] | None
    count: str | None
    e: float | None
    confidence: float


class UnknownDisposition(ValueError):
    """A disposition that is none of AAPOR's."""


@dataclass(frozen=True, kw_only=True)
class ResponseRates(Result):
    """AAPOR's outcome rates, each a share of 0 to 1 with its interval.

    Attributes
    ----------
    rates : dict
        "RR1" … "RR6", "COOP1" … "COOP4", "REF1" … "REF3", "CON1" … "CON3" and "delivered", each
        with ``.estimate .low .high``.
    counts : dict
        How many have each disposition.
    asked : int
        How many in all.
    e : float or None
        The share of the unknown taken to be eligible, in RR3, RR4, REF2 and CON2.
    e_source : str
        Where it comes from.
    missing : int
        Rows without a disposition.
    confidence : float
    method : str
    group : object
    """

    rates: dict[str, Estimate]
    counts: dict[str, float]
    asked: int
    e: float | None
    e_source: str
    missing: int
    confidence: float
    method: str
    group: Hashable = None

    def __getitem__(self, name: str) -> Estimate:
        return self.rates[name]

    def __str__(self) -> str:
        heading = f"{write_group(self.group)}: " * (self.group is not None)
        shown = [self._write(name) for name in ("RR1", "RR3", "delivered")]
        e = "e cannot be told" if self.e is None else f"e = {self.e:.3g}, {self.e_source}"
        missing = f", {self.missing:,} missing" * bool(self.missing)
        return f"{heading}{'; '.join(shown)} ({self.asked:,} asked{missing}; {e})"

    def _write(self, name: str) -> str:
        rate = self.rates[name]
        if rate.estimate is None:
            return f"{name} cannot tell"
        written = f"{name} {100 * rate.estimate:.1f} %"
        if rate.low is None or rate.high is None:
            return written
        percent = f"{100 * self.confidence:.4g}"
        return f"{written} ({percent} % interval {100 * rate.low:.1f} % to {100 * rate.high:.1f} %)"

    def _table(self) -> HtmlTable:
        return ["rate", "estimate"], [[name, self._write(name)] for name in self.rates]

    def _chart(self) -> "altair.LayerChart":
        """Draw the rates with their intervals."""
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [Interval(name, *_in_percent(rate)) for name, rate in self.rates.items()]
        return draw_intervals(rows, title="percent")


@overload
def response_rates(
    frame: IntoFrame, disposition: str = ..., *, by: None = None, **options: Unpack[RateOptions]
) -> ResponseRates: ...
@overload
def response_rates(
    frame: IntoFrame, disposition: str = ..., *, by: By, **options: Unpack[RateOptions]
) -> tuple[ResponseRates, ...]: ...
def response_rates(
    frame: IntoFrame,
    disposition: str = "disposition",
    *,
    by: By | None = None,
    codes: Mapping[Hashable, str] | None = None,
    count: str | None = None,
    e: float | None = None,
    confidence: float = 0.95,
) -> ResponseRates | tuple[ResponseRates, ...]:
    """AAPOR's response, cooperation, refusal and contact rates, and the delivered rate.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row for each person (or message) asked.
    disposition : str
        Column of final dispositions, AAPOR's codes as `response_rates_from_counts` has them.
    by : str or sequence of str, optional
        Columns whose values make the groups.
    codes : mapping, optional
        From the column's own words to AAPOR's codes, such as ``{"bounced": "B"}``.
    count : str, optional
        Column with how many a row stands for.
    e, confidence
        As for `response_rates_from_counts`.

    Returns
    -------
    ResponseRates or tuple of ResponseRates
        With `by` one for each group, sorted.

    Raises
    ------
    UnknownDisposition
        The column has a word that is no code.
    UnknownColumn, NotNumbers, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by.

    RR1 = I / ((I+P) + (R+NC+O) + (UH+UO)), the least that can be claimed; RR2 counts P as an
    answer. RR3 and RR4 take only e of the unknown as eligible, RR5 and RR6 none. COOP is among
    those contacted, REF the share of refusals, CON the share contacted. The delivered rate is
    (I+P) over the messages that arrived: what survey tools call the response rate. "B" counts as
    UO in AAPOR's rates.

    Behaviour: none - a rate without anyone in its denominator has no estimate; one, equal -
    Wilson's interval keeps its width; missing - rows without a disposition are left out and
    counted; weighted - pass counts.

    The intervals are Wilson's, the asked taken as drawn independently and e as known; with e
    their denominator is a fraction of a count. Like Wilson's they cover 95 % on the average over
    shares (`intervals.wilson_interval`); how far off e is they do not know: compare RR1 (e = 1)
    with RR5 (e = 0).

    Where it misleads: a high rate is no proof that those who answered are like those who did not,
    nor a low one that they are not; `nonresponse_bounds` says what could be at worst. The
    delivered rate leaves out who could not be reached, and looks better for it.

    References
    ----------
    The American Association for Public Opinion Research (2023). Standard definitions: final
    dispositions of case codes and outcome rates for surveys, 10th edition.

    Examples
    --------
    >>> import polars as pl
    >>> asked = pl.DataFrame({"disposition": ["I"] * 30 + ["P"] * 5 + ["R"] * 5 + ["UO"] * 60})
    >>> print(response_rates(asked, e=0.8))
    RR1 30.0 % (95 % interval 21.9 % to 39.6 %); RR3 34.1 % (95 % interval 25.0 % to 44.5 %); \
delivered 35.0 % (95 % interval 26.4 % to 44.7 %) (100 asked; e = 0.8, given)
    """
    keys = [by] if isinstance(by, str) else list(by or ())
    groups: dict[Hashable, dict[str, float]] = {}
    missing: dict[Hashable, float] = {}
    for levels, tally, _ in tally_cells(frame, keys=[*keys, disposition], weight=count):
        group = None if by is None else levels[0] if isinstance(by, str) else levels[:-1]
        counts = groups.setdefault(group, {})
        code = levels[-1] if codes is None else codes.get(levels[-1], levels[-1])
        if code is None:
            missing[group] = missing.get(group, 0.0) + tally.weight
        else:
            counts[str(code)] = counts.get(str(code), 0.0) + tally.weight
    found = tuple(
        replace(
            response_rates_from_counts(counts, e=e, confidence=confidence),
            group=group,
            missing=round(missing.get(group, 0.0)),
        )
        for group, counts in groups.items()
    )
    if by is None:
        return found[0] if found else response_rates_from_counts({}, e=e, confidence=confidence)
    return found


def response_rates_from_counts(
    counts: Mapping[str, float],
    *,
    e: float | None = None,
    delivered: float | None = None,
    confidence: float = 0.95,
) -> ResponseRates:
    """AAPOR's response, cooperation, refusal and contact rates from counts of dispositions.

    Parameters
    ----------
    counts : mapping
        How many have each final disposition: "I" complete, "P" partial, "R" refused, "NC" not
        reached, "O" other eligible, "UH" and "UO" of unknown eligibility, "B" unknown because the
        message came back, "NE" not eligible. What is left out is 0.
    e : float, optional
        The share of the unknown that is taken to be eligible, 0 to 1. Left out, it is the share
        among those whose eligibility is known, if any were found not eligible; else 1.
    delivered : float, optional
        How many messages arrived; left out, all but "B".
    confidence : float
        Nominal coverage of the intervals.

    Returns
    -------
    ResponseRates

    Raises
    ------
    UnknownDisposition
        A disposition is none of those.
    ValueError
        A count is below 0, e is not 0 to 1, or fewer were delivered than answered.

    Notes
    -----
    Behaviour and where it misleads: as for `response_rates`.

    Examples
    --------
    >>> found = response_rates_from_counts(
    ...     {"I": 412, "P": 38, "R": 120, "NC": 1530, "O": 22, "UO": 3900}, e=0.62
    ... )
    >>> print(f"{found['RR1'].estimate:.4f} {found['RR3'].estimate:.4f}")
    0.0684 0.0907
    """
    check_confidence(confidence)
    full = _read_counts(counts)
    share, source = _choose_e(full, e)
    fractions = _list_fractions(full, share)
    arrived = sum(full.values()) - full["B"] if delivered is None else float(delivered)
    answered = full["I"] + full["P"]
    if arrived < answered:
        raise ValueError(f"{write_number(arrived)} delivered cannot give {answered:g} answers")
    fractions["delivered"] = (answered, arrived)
    return ResponseRates(
        rates={name: _rate(*fraction, confidence) for name, fraction in fractions.items()},
        counts=full,
        asked=round(sum(full.values())),
        e=share,
        e_source=source,
        missing=0,
        confidence=confidence,
        method="Wilson, given e",
    )


def _read_counts(counts: Mapping[str, float]) -> dict[str, float]:
    for code, count in counts.items():
        if code not in CODES:
            raise UnknownDisposition(
                f"{code!r} is no disposition; they are "
                + ", ".join(f"{name} ({meaning})" for name, meaning in CODES.items())
            )
        if not count >= 0:
            raise ValueError(f"there cannot be {count} of {code!r}")
    return {code: float(counts.get(code, 0)) for code in CODES}


def _choose_e(counts: dict[str, float], e: float | None) -> tuple[float, str]:
    """Take the share given, or that of eligible among the known, or all."""
    if e is not None:
        if not 0 <= e <= 1:
            raise ValueError(f"e is a share, 0 to 1, not {e}")
        return float(e), "given"
    known = sum(counts[code] for code in ("I", "P", "R", "NC", "O"))
    if counts["NE"] and known:
        return known / (known + counts["NE"]), "share eligible among the known"
    return 1.0, "all unknown taken as eligible"


def _list_fractions(counts: dict[str, float], e: float) -> dict[str, tuple[float, float]]:
    """List each rate's numerator and denominator."""
    complete, partial, refused = counts["I"], counts["P"], counts["R"]
    answered, other = complete + partial, counts["O"]
    known = answered + refused + counts["NC"] + other
    unknown = counts["UH"] + counts["UO"] + counts["B"]
    contacted, able = answered + refused + other, answered + refused
    wholes = (known + unknown, known + e * unknown, known)
    return {
        **{
            f"RR{2 * place + extra}": (tops, whole)
            for place, whole in enumerate(wholes)
            for extra, tops in ((1, complete), (2, answered))
        },
        "COOP1": (complete, contacted),
        "COOP2": (answered, contacted),
        "COOP3": (complete, able),
        "COOP4": (answered, able),
        **{f"REF{place}": (refused, whole) for place, whole in enumerate(wholes, 1)},
        **{f"CON{place}": (contacted, whole) for place, whole in enumerate(wholes, 1)},
    }


def _rate(top: float, whole: float, confidence: float) -> Estimate:
    if not whole:
        return Estimate(estimate=None, low=None, high=None)
    low, high = wilson_interval(min(top, whole), whole, confidence=confidence)
    return Estimate(estimate=top / whole, low=low, high=high)


def _in_percent(rate: Estimate) -> tuple[float | None, float | None, float | None]:
    if rate.estimate is None or rate.low is None or rate.high is None:
        return None, None, None
    return 100 * rate.estimate, 100 * rate.low, 100 * rate.high
