"""The partial likelihood of classes, from risk-set counts.

At each time the likelihood of a class effect rests on how many of the class were at risk and how
many were lost: rows are not needed (Efron's and Breslow's ties alike).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kokemus.measure._risk_sets import RiskSets
from kokemus.measure.histograms import Floats, Indices

STEPS_MAX = 100
STEP_MAX = 3.0  # in log hazard; further at once could empty a risk set
DIRECT_MAX = 32  # so many ties at a time are summed one by one
NODES = 10  # of the rule that stands for a longer stretch of ties, exact to 1e-15


@dataclass(frozen=True, eq=False)
class Fit:
    """Maximum of the partial likelihood; class 0 is the one compared with."""

    coefficients: Floats
    covariance: Floats
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class Terms:
    """The terms of the log likelihood: for each the risk set, and the share of ties gone from it.

    `weight` is how many terms one stands for.
    """

    at_risk: Floats
    events: Floats
    time_index: Indices
    gone: Floats
    weight: Floats

    def moments(self, coefficients: Floats) -> tuple[Floats, Floats, Floats]:
        """Log of the sum over each risk set, the mean of each class in it, the weights."""
        shift = coefficients.max(initial=-np.inf)
        hazard = np.exp(coefficients - shift)
        mass = (
            self.at_risk[self.time_index] - self.gone[:, None] * self.events[self.time_index]
        ) * hazard
        total = mass.sum(axis=1)
        return np.log(total) + shift, mass / total[:, None], self.weight

    def log_likelihood(self, coefficients: Floats) -> float:
        logs, _, weight = self.moments(coefficients)
        return float(self.events.sum(axis=0) @ coefficients - weight @ logs)


def make_terms(sets: RiskSets, columns: Indices, ties: str) -> Terms:
    """Make the terms for some classes, as though there were no others."""
    events, at_risk = sets.events[:, columns], sets.at_risk[:, columns]
    has_event = events.sum(axis=1) > 0
    events, at_risk = events[has_event], at_risk[has_event]
    ties_at = events.sum(axis=1)
    if ties == "breslow":
        return Terms(at_risk, events, np.arange(len(events)), np.zeros(len(events)), ties_at)
    parts = [_nodes_of_ties(round(number)) for number in ties_at.tolist()]
    index = np.repeat(np.arange(len(parts)), [len(gone) for gone, _ in parts])
    gone = np.concatenate([gone for gone, _ in parts]) if parts else np.zeros(0)
    weight = np.concatenate([weight for _, weight in parts]) if parts else np.zeros(0)
    return Terms(at_risk, events, index, gone, weight)


@lru_cache(maxsize=1024)
def _nodes_of_ties(ties: int) -> tuple[Floats, Floats]:
    """Shares 0/d, 1/d, … of the ties that are gone, and how many terms each stands for.

    Long runs of ties are summed by Gauss's rule for equal masses on whole numbers, over stretches
    that halve towards the end, where the terms bend most: 282 nodes stand for a billion ties.
    """
    places, weights = [np.arange(max(ties - DIRECT_MAX, 0), ties, dtype=float)], []
    weights.append(np.ones(len(places[0])))
    end = max(ties - DIRECT_MAX, 0)
    while end > 0:
        begin = max(end - (ties - end), 0)
        nodes, mass = _gauss_on_integers(end - begin)
        places.append(begin + nodes)
        weights.append(mass)
        end = begin
    return np.concatenate(places) / max(ties, 1), np.concatenate(weights)


@lru_cache(maxsize=1024)
def _gauss_on_integers(length: int) -> tuple[Floats, Floats]:
    """Nodes and weights that sum polynomials to degree 2m-1 over 0, 1, … length-1 (Gram)."""
    count = min(NODES, length)
    if count == length:
        return np.arange(length, dtype=float), np.ones(length)
    order = np.arange(1, count, dtype=float)
    beside = np.sqrt(order**2 * (length**2 - order**2) / (4 * (4 * order**2 - 1)))
    nodes, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    return nodes + (length - 1) / 2, length * vectors[0] ** 2


def fit_classes(sets: RiskSets, columns: Indices, ties: str) -> Fit:
    """Fit the effects of some classes beside the first of them, by Newton's method.

    The likelihood is concave; a step that does not raise it is halved.
    """
    terms = make_terms(sets, columns, ties)
    coefficients = np.zeros(len(columns))
    value = terms.log_likelihood(coefficients)
    for _ in range(STEPS_MAX):
        gradient, information = derive(terms, coefficients)
        step = np.zeros(len(columns))
        step[1:] = np.linalg.solve(information[1:, 1:], gradient[1:])
        gain = float(gradient @ step)
        step *= min(1.0, STEP_MAX / max(float(np.abs(step).max(initial=0.0)), STEP_MAX))
        while (new := terms.log_likelihood(coefficients + step)) < value - 1e-9 * abs(value):
            step /= 2
        coefficients, value = coefficients + step, new
        if gain < 1e-18 * max(float(terms.weight.sum()), 1.0) or not len(step[1:]):
            break
    _, information = derive(terms, coefficients)
    covariance = np.zeros((len(columns), len(columns)))
    covariance[1:, 1:] = np.linalg.inv(information[1:, 1:])
    return Fit(coefficients, covariance, terms.log_likelihood(coefficients))


def derive(terms: Terms, coefficients: Floats) -> tuple[Floats, Floats]:
    """Gradient and information of the log likelihood."""
    _, means, weight = terms.moments(coefficients)
    gradient = terms.events.sum(axis=0) - weight @ means
    return gradient, spread(means, weight)


def spread(means: Floats, weight: Floats) -> Floats:
    """Sum of the covariances of class membership over the risk sets."""
    return np.diag(weight @ means) - means.T @ (weight[:, None] * means)


def trend_test(sets: RiskSets, columns: Indices, ties: str, coefficients: Floats) -> float | None:
    """Score statistic of effects that change with time, on the scale of 1 - Kaplan-Meier."""
    terms = make_terms(sets, columns, ties)
    _, means, weight = terms.moments(coefficients)
    clock = _clock(terms)
    centre = float(terms.events.sum(axis=1) @ clock / terms.events.sum())
    by_term = (clock - centre)[terms.time_index]
    score = (clock - centre) @ terms.events - (weight * by_term) @ means
    blocks = [spread(means, weight * by_term**power)[1:, 1:] for power in range(3)]
    try:
        left = blocks[2] - blocks[1] @ np.linalg.solve(blocks[0], blocks[1])
        found = float(score[1:] @ np.linalg.solve(left, score[1:]))
    except np.linalg.LinAlgError:
        return None
    return found if np.linalg.cond(left) < 1e12 else None


def _clock(terms: Terms) -> Floats:
    """1 - Kaplan-Meier of everybody just before each time."""
    at_risk, events = terms.at_risk.sum(axis=1), terms.events.sum(axis=1)
    survival = np.cumprod(1 - events / at_risk)
    return np.concatenate([[0.0], 1 - survival[:-1]])


def log_likelihood_at_zero(sets: RiskSets, ties: str) -> float:
    """Log likelihood where all classes are alike."""
    columns = np.arange(len(sets.groups))
    return make_terms(sets, columns, ties).log_likelihood(np.zeros(len(columns)))


def compared(sets: RiskSets) -> NDArray[np.bool_]:
    """Say for each pair of classes whether one of the first was lost in the other's presence."""
    return np.asarray((sets.events > 0).astype(float).T @ (sets.at_risk > 0).astype(float) > 0)


def split_classes(is_before: NDArray[np.bool_], reference: int) -> list[Indices]:
    """Part the classes into those that can be compared, the part of the reference first.

    Two classes have a finite ratio where each was lost in the other's presence, straight or by
    way of others. The likelihood of all is the product of those of the parts.
    """
    if not len(is_before):
        return []
    reach = is_before | np.eye(len(is_before), dtype=bool)
    for _ in range(len(is_before).bit_length()):
        reach = np.asarray(reach.astype(float) @ reach.astype(float) > 0)
    part = np.argmax(reach & reach.T, axis=1)
    own = [reference, *(np.flatnonzero(part == part[reference]).tolist())]
    others = [np.flatnonzero(part == number) for number in np.unique(part).tolist()]
    first = np.array(list(dict.fromkeys(own)), np.intp)
    return [first, *(columns for columns in others if reference not in columns)]
