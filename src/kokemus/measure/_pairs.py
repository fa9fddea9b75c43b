"""Scores of the same contacts in two periods: how they hang together."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kokemus.measure._differences import Sides
from kokemus.measure._frame import IntoFrame, count_pairs
from kokemus.measure._kinds import Kind
from kokemus.measure._scoring import DETRACTOR_MAX, PROMOTER_MIN
from kokemus.measure._unequal_clusters import POWERS, Bearing, bear
from kokemus.measure.histograms import Floats

TINY = 1e-12


@dataclass(frozen=True)
class Pairs:
    """Contacts by what they gave: arrays of two rows, before and after, and how many did so.

    `high` and `low` count answers worth the most and the least; `total` sums what all are worth
    and `square` its squares, from a centre.
    """

    contacts: Floats
    count: Floats
    high: Floats
    low: Floats
    total: Floats
    square: Floats

    def both(self) -> "Pairs":
        """Keep the contacts that answered before and after."""
        kept = (self.count > 0).all(axis=0)
        rows = (self.count, self.high, self.low, self.total, self.square)
        return Pairs(self.contacts[kept], *(each[:, kept] for each in rows))


def read_pairs(
    frame: IntoFrame,
    *,
    score: str,
    contact: str,
    period: str,
    pair: tuple[Hashable, Hashable],
    kind: Kind,
    missing: Sequence[float],
) -> Pairs:
    table = count_pairs(
        frame,
        score=score,
        contact=contact,
        period=period,
        pair=pair,
        missing=tuple(missing),
        cuts=_choose_cuts(kind),
    )
    keys = np.array(table.keys, float).reshape(-1, 10)
    return make_pairs(table.numbers["contacts"], keys.T.reshape(2, 5, -1), kind)


def _choose_cuts(kind: Kind) -> tuple[float, float] | None:
    if kind.word == "nps":
        return float(DETRACTOR_MAX), float(PROMOTER_MIN)
    if kind.word == "csat":
        assert kind.scale is not None
        return -np.inf, kind.scale[1] - kind.box + 1
    return None


def make_pairs(contacts: Floats, rows: Floats, kind: Kind) -> Pairs:
    """Make pairs of counts: for both periods count, high, low, and total and square of a mean."""
    count, high, low, total, square = rows.transpose(1, 0, 2)
    if kind.word != "mean":
        low = low if kind.word == "nps" else np.zeros_like(low)
        total, square = 100.0 * (high - low), 100.0**2 * (high + low)
    return Pairs(contacts, count, high, low, total, square)


def pair_sides(pairs: Pairs, kind: Kind) -> tuple[Sides, float]:
    """Score the contacts before and after, each counting once, and correlate them."""
    contacts, together = pairs.contacts, pairs.contacts.sum()
    own = pairs.total / pairs.count
    mean = own @ contacts / together
    apart = own - mean[:, None]
    spread = (apart**2) @ contacts / together
    high, low = ((part / pairs.count) @ contacts for part in (pairs.high, pairs.low))
    everyone = np.full(2, together)
    plain = 100.0**2 * (high + low) / together - mean**2
    is_single = bool((pairs.count == 1).all()) or kind.word == "mean"
    usable = (plain > TINY) & (spread > TINY) & (not is_single)
    sides = Sides(
        kind=kind,
        centre=float(mean.mean()),
        answers=everyone,
        weight=everyone,
        weight_squared=everyone,
        high=high,
        low=low,
        total=together * (mean - mean.mean()),
        square=together * (spread + (mean - mean.mean()) ** 2),
        effect=np.where(usable, spread / np.where(usable, plain, 1.0), 1.0),
        degrees=np.full(2, np.inf),
    )
    return sides, _correlate(apart, contacts, spread * together)


def cluster_sides(sides: Sides, pairs: Pairs) -> tuple[Sides, float]:
    """Widen two sides by their repeated contacts, and correlate them by the shared ones.

    Answers that name no contact, which only the sides have, are one contact each. The fewer and
    the more unequal the contacts, the less is known of the widening, and so much wider it is.
    """
    answers, mean = sides.answers, np.nan_to_num(sides.score)
    if sides.kind.word == "mean":
        plain = sides.square - sides.total**2 / np.maximum(sides.weight, 1.0)
    else:
        plain = 100.0**2 * (sides.high + sides.low) - answers * mean**2
    apart = pairs.total - mean[:, None] * pairs.count
    own = pairs.square - 2 * mean[:, None] * pairs.total + mean[:, None] ** 2 * pairs.count
    alone = np.maximum(plain - own @ pairs.contacts, 0.0)
    spread = (apart**2) @ pairs.contacts + alone
    is_single = (pairs.count <= 1).all(axis=1)
    usable = (plain > TINY) & ~is_single
    factor, own_degrees = _bear(answers, pairs)
    fair = factor * (answers - 1) / np.maximum(answers, 1.0) * spread / np.where(usable, plain, 1.0)
    effect = np.where(usable & (own_degrees > 0), np.maximum(fair, 1.0), 1.0)
    variances = effect * plain / np.maximum(answers, 1.0) ** 2
    own_degrees = np.where(usable, own_degrees, np.inf)
    degrees = _join_degrees(variances, own_degrees, _share_contacts(pairs))
    return replace(sides, effect=effect, degrees=np.full(2, degrees)), _correlate(
        apart, pairs.contacts, spread
    )


def _bear(answers: Floats, pairs: Pairs) -> Bearing:
    single = answers - pairs.count @ pairs.contacts
    return bear(
        np.array([pairs.count**power @ pairs.contacts + single for power in range(1, POWERS + 1)])
    )


def _share_contacts(pairs: Pairs) -> float:
    """Share of the contacts that answered on both sides: 0 where none did, 1 where all did."""
    is_there = (pairs.count > 0).astype(float)
    one, other = is_there @ pairs.contacts
    both = float(is_there.prod(axis=0) @ pairs.contacts)
    return both / float(np.sqrt(one * other)) if both else 0.0


def _join_degrees(variances: Floats, degrees: Floats, overlap: float) -> float:
    """Degrees of freedom of the two variances together (Satterthwaite).

    Where contacts are on both sides their variances err together, down to the degrees of one.
    """
    if not (degrees > 0).all():
        return 0.0
    errors = variances / np.sqrt(degrees)
    error = float(errors @ errors + 2 * overlap * errors[0] * errors[1])
    return float(variances.sum() ** 2 / error) if error > 0 else math.inf


def _correlate(apart: Floats, contacts: Floats, spread: Floats) -> float:
    """Return the correlation, 0 where one side has no spread."""
    if not (spread > TINY).all():
        return 0.0
    shared = float((apart[0] * apart[1]) @ contacts)
    return float(np.clip(shared / np.sqrt(spread[0] * spread[1]), -1.0, 1.0))
