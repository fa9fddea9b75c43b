"""Log-odds of words with an informative Dirichlet prior."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from kokemus.measure._false_discovery import adjust_p_values
from kokemus.measure.histograms import Floats
from kokemus.measure.intervals import check_confidence, normal_quantile
from kokemus.measure.results import Estimate, Result, write_group

if TYPE_CHECKING:
    import altair

VARIANCES = ("two_term", "four_term")
UNSEEN = 0.5  # a word that the background lacks counts as half an occurrence there
SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class WordContrast:
    """How much more one class uses a word than the other.

    Attributes
    ----------
    word : object
        The word (or theme).
    first, second : float
        How often each class has it.
    log_odds : Estimate
        Difference of the log-odds, drawn towards 0 by the prior; over 0 the first class has it
        more often.
    z : float or None
        The difference in standard errors.
    p_value, q_value : float or None
        Of no difference, and the lowest false discovery rate at which it is found.
    """

    word: Hashable
    first: float
    second: float
    log_odds: Estimate
    z: float | None
    p_value: float | None
    q_value: float | None

    def __str__(self) -> str:
        if self.z is None:
            return f"{write_group(self.word)}: cannot tell"
        return f"{write_group(self.word)} {self.z:+.2f} ({self.first:,.0f} and {self.second:,.0f})"


@dataclass(frozen=True, kw_only=True)
class WordContrasts(Result, Sequence[WordContrast]):
    """The words by how much they tell one class from the other, the first class's words first.

    Attributes
    ----------
    words : tuple of WordContrast
        By z, from the highest; those that cannot be told come last.
    first, second : object
        The names of the classes.
    first_total, second_total : float
        Words (or comments, where comments are counted) of each class.
    prior_mass : float
        a₀: how many words the prior is worth.
    variance : str
        "two_term" or "four_term".
    confidence : float
        Nominal coverage of the intervals.
    method : str
        How they were computed.
    """

    words: tuple[WordContrast, ...]
    first: Hashable
    second: Hashable
    first_total: float
    second_total: float
    prior_mass: float
    variance: str
    confidence: float
    method: str = "log-odds, informative Dirichlet prior"

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, place: int) -> WordContrast: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[WordContrast, ...]: ...
    def __getitem__(self, place: int | slice) -> WordContrast | tuple[WordContrast, ...]:
        return self.words[place]

    def __str__(self) -> str:
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        known = [word for word in self.words if word.z is not None]
        for name, chosen in (
            (self.first, [word for word in known if word.z and word.z > 0][:SHOWN]),
            (self.second, [word for word in reversed(known) if word.z and word.z < 0][:SHOWN]),
        ):
            listed = ", ".join(map(str, chosen)) or "no word"
            yield f"{write_group(name)}: {listed}"
        yield (
            f"z of log-odds; prior mass {self.prior_mass:g}, {self.variance.replace('_', '-')}"
            f" variance; {self.first_total:,.0f} and {self.second_total:,.0f} in all"
        )

    def _table(self) -> tuple[list[str], list[list[object]]]:
        rows: list[list[object]] = [
            [write_group(word.word), word.z, str(word.log_odds), word.first, word.second]
            for word in self.words
        ]
        return ["word", "z", "log-odds", write_group(self.first), write_group(self.second)], rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        chosen = [*self.words[:SHOWN], *self.words[max(SHOWN, len(self.words) - SHOWN) :]]
        rows = [
            Interval(
                write_group(word.word),
                word.log_odds.estimate,
                word.log_odds.low,
                word.log_odds.high,
            )
            for word in chosen
        ]
        return draw_intervals(rows, title="difference of log-odds", reference=0.0)


def contrast_words(
    counts: Mapping[Hashable, tuple[float, float]],
    totals: tuple[float, float] | None,
    *,
    names: tuple[Hashable, Hashable],
    background: Mapping[Hashable, float] | None,
    prior_mass: float,
    variance: str,
    confidence: float,
) -> WordContrasts:
    """Compute the contrasts of all words at once."""
    check_confidence(confidence)
    if variance not in VARIANCES:
        raise ValueError(f"variance must be one of {', '.join(VARIANCES)}, not {variance!r}")
    if not 0 < prior_mass < math.inf:
        raise ValueError(f"prior_mass is over 0, not {prior_mass}")
    table = np.array(list(counts.values()), float).reshape(-1, 2)
    if not np.all((table >= 0) & np.isfinite(table)):
        raise ValueError("counts of words are 0 or more")
    whole = table.sum(axis=0) if totals is None else np.array(totals, float)
    if np.any(table > whole):
        raise ValueError(f"a word is counted more often than the totals {whole.tolist()}")
    prior = prior_mass * _shares(list(counts), table, whole, background)
    z, log_odds, error = _log_odds(table, whole, prior, prior_mass, variance)
    p_values = np.array([math.erfc(abs(each) / math.sqrt(2)) for each in z])
    q_values = adjust_p_values(p_values)
    reach = normal_quantile(confidence) * error
    words = [
        WordContrast(
            word=word,
            first=float(table[place, 0]),
            second=float(table[place, 1]),
            log_odds=_estimate(log_odds[place], reach[place]),
            z=_known(z[place]),
            p_value=_known(p_values[place]),
            q_value=_known(q_values[place]),
        )
        for place, word in enumerate(counts)
    ]
    words.sort(key=lambda word: (math.inf if word.z is None else -word.z, write_group(word.word)))
    return WordContrasts(
        words=tuple(words),
        first=names[0],
        second=names[1],
        first_total=float(whole[0]),
        second_total=float(whole[1]),
        prior_mass=prior_mass,
        variance=variance,
        confidence=confidence,
    )


def _shares(
    words: Sequence[Hashable],
    table: Floats,
    whole: Floats,
    background: Mapping[Hashable, float] | None,
) -> Floats:
    """Share of each word in the background, which is both classes together if not given."""
    if background is None:
        return np.asarray(table.sum(axis=1) / max(whole.sum(), 1.0))
    found = np.array([background.get(word, 0) or UNSEEN for word in words], float)
    unseen = found[[not background.get(word) for word in words]].sum()
    return np.asarray(found / (sum(background.values()) + unseen))


def _log_odds(
    table: Floats, whole: Floats, prior: Floats, prior_mass: float, variance: str
) -> tuple[Floats, Floats, Floats]:
    """Return z, the difference of log-odds and its standard error; NaN where all is one word."""
    used = table + prior[:, None]
    rest = whole + prior_mass - used
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = np.log(used) - np.log(rest)
        difference = log_odds[:, 0] - log_odds[:, 1]
        variances = (1 / used).sum(axis=1)
        if variance == "four_term":
            variances += (1 / rest).sum(axis=1)
        error = np.sqrt(variances)
        is_known = np.isfinite(difference) & (rest > 1e-9 * prior_mass).all(axis=1)
        difference = np.where(is_known, difference, math.nan)
        return difference / error, difference, error


def _estimate(log_odds: float, reach: float) -> Estimate:
    if not math.isfinite(log_odds):
        return Estimate(None, None, None)
    return Estimate(float(log_odds), float(log_odds - reach), float(log_odds + reach))


def _known(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
