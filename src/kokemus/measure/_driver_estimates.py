"""From a design or a Gram to shares and how they vary together."""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kokemus.measure._frame import IntoFrame, gram, list_columns
from kokemus.measure._frame.designs import Design, design, sum_forms
from kokemus.measure._importance import explain, resolve_method, share_variance, share_with_slopes
from kokemus.measure._pattern_moments import (
    Flags,
    Moments,
    NotSettled,
    Patterns,
    find_moments,
    merge_patterns,
)
from kokemus.measure.histograms import Floats, Indices

VARIANCE_MIN = 1e-13
MISSING = ("em", "listwise")


class NoPredictors(ValueError):
    """Predictors that no model can be made of."""


@dataclass(frozen=True)
class Sample:
    """Moments of the players' columns and the outcome, and what they rest on."""

    players: tuple[str, ...]
    widths: tuple[int, ...]
    moments: Moments
    answers: int
    complete_answers: int
    effective_answers: float
    missing: str
    pieces: "Pieces | None" = None
    built: Design | None = None
    centre: Floats | None = None
    levels: Mapping[str, tuple[Hashable, ...]] | None = None


@dataclass(frozen=True)
class Pieces:
    """Sums per cluster and pattern, for variances that respect clusters."""

    products: Floats
    weights: Floats
    pattern: Indices
    cluster: Indices
    clusters: int


@dataclass(frozen=True)
class Shares:
    """Estimates and the covariance matrix of the estimates, R² last; None if it cannot be told.

    `degrees` are those of the variance of R²: few where some rows weigh heavily.
    """

    shares: Floats
    r_squared: float
    covariance: Floats | None
    degrees: float = math.inf


def name_players(
    predictors: Sequence[str], groups: Mapping[str, Sequence[str]] | None
) -> dict[str, list[str]]:
    """List each player's columns, in the order of the predictors, then of groups not yet named."""
    predictors = list_columns(predictors)
    groups = {name: list_columns(columns) for name, columns in (groups or {}).items()}
    home = {column: group for group, columns in groups.items() for column in columns}
    if len(home) != sum(len(columns) for columns in groups.values()):
        raise NoPredictors("a column stands in two groups; leave it in one")
    players: dict[str, list[str]] = {}
    for name in [*predictors, *(name for name in groups if name not in predictors)]:
        player = name if name in groups else home.get(name, name)
        players.setdefault(player, list(groups.get(player, [name])))
    if not players or not all(players.values()):
        raise NoPredictors("name at least one predictor, and a column in every group")
    return players


def read_sample(
    frame: IntoFrame,
    *,
    outcome: str,
    players: Mapping[str, Sequence[str]],
    categorical: Sequence[str],
    weight: str | None,
    cluster: str | Sequence[str] | None,
    missing: str,
) -> Sample:
    if missing not in MISSING:
        raise ValueError(f"missing must be one of {', '.join(MISSING)}, not {missing!r}")
    if any(outcome in columns for columns in players.values()):
        raise NoPredictors(f"the outcome {outcome!r} is among the predictors")
    keys = [cluster] if isinstance(cluster, str) else list(cluster or ())
    built = design(
        frame,
        outcome=outcome,
        players=players,
        categorical=categorical,
        weight=weight,
        cluster=keys,
    )
    table = gram(built.frame, columns=built.names, weight=built.weight, by=built.cluster or None)
    is_any = np.asarray(table.is_present.any(axis=1))
    kept = table.is_complete if missing == "listwise" else is_any
    if missing == "em":
        kept = kept & bool(table.is_present[:, -1].any())  # no outcome, no answers
        _check_together(table.is_present[kept], [*members(built), outcome])
    patterns, index = merge_patterns(
        table.is_present[kept],
        table.weights[kept],
        table.weights_squared[kept],
        table.products[kept],
    )
    moments = find_moments(patterns) if kept.any() else _nothing(patterns)
    return Sample(
        players=tuple(players),
        widths=tuple(len(columns) for columns in built.columns.values()),
        moments=moments,
        answers=round(float(table.answers[kept].sum())),
        complete_answers=round(float(table.answers[table.is_complete].sum())),
        effective_answers=_effective(patterns.weights.sum(), patterns.weights_squared.sum()),
        missing=missing,
        pieces=_part_clusters(table.groups, table.products, table.weights, kept, index)
        if keys
        else None,
        built=built,
        centre=table.centre,
        levels=built.levels,
    )


def members(built: Design) -> list[str]:
    """Name the frame's column, or the factor's level, of each of the players' columns."""
    return [name.split(" ", 1)[1] for columns in built.columns.values() for name in columns]


def _check_together(present: Flags, names: Sequence[str]) -> None:
    """Raise `NotSettled` where two columns have no row in common: nothing ties them."""
    is_seen = np.asarray(present.any(axis=0))
    if len(present) and not is_seen.all():
        empty = [repr(name) for name, seen in zip(names, is_seen.tolist(), strict=True) if not seen]
        raise NotSettled(f"{', '.join(empty)} is never answered; leave it out")
    together = present.T.astype(float) @ present
    if len(present) and (apart := np.argwhere(together == 0)).size:
        one, other = (names[place] for place in apart[0])
        raise NotSettled(f"{one!r} and {other!r} are never answered together; leave one out")


def read_gram(
    products: Floats,
    *,
    names: Sequence[str],
    players: Mapping[str, Sequence[str]],
    outcome: str,
    weights_squared: float | None,
) -> Sample:
    """Take one Gram of ``[1, names]``, of rows that lack nothing."""
    order = [*(column for columns in players.values() for column in columns), outcome]
    if lacking := [name for name in order if name not in names]:
        raise NoPredictors(f"the Gram has no column {lacking[0]!r}; it has {', '.join(names)}")
    if products.shape != (len(names) + 1,) * 2:
        raise ValueError(
            f"a Gram of [1, {len(names)} columns] is {len(names) + 1} by {len(names) + 1},"
            f" not {' by '.join(map(str, products.shape))}"
        )
    places = [0, *(1 + list(names).index(name) for name in order)]
    ordered = products[np.ix_(places, places)]
    total = float(ordered[0, 0])
    squared = total if weights_squared is None else weights_squared
    patterns = Patterns(
        present=np.ones((1, len(order)), bool),
        weights=np.array([total]),
        weights_squared=np.array([squared]),
        products=ordered[None],
    )
    effective = _effective(total, squared)
    return Sample(
        players=tuple(players),
        widths=tuple(len(columns) for columns in players.values()),
        moments=find_moments(patterns) if total > 0 else _nothing(patterns),
        answers=round(effective),
        complete_answers=round(effective),
        effective_answers=effective,
        missing="listwise",
    )


def estimate_shares(sample: Sample, *, method: str, has_intervals: bool) -> Shares | None:
    """Share out the outcome's variance; None where there is none, or no rows."""
    kept = find_varying(sample)
    if not kept[-1] or sample.answers < 2:
        return None
    matrix, widths, scale = standardise(sample, kept)
    method = resolve_method(method)
    r_squared, whole = explain(matrix)
    if not has_intervals or sample.answers <= len(kept) + 1:
        return Shares(share_variance(matrix, widths, method), r_squared, None)
    shares, slopes = share_with_slopes(matrix, widths, method)
    if slopes is None:
        return Shares(shares, r_squared, None)
    every = _unscale(np.concatenate([slopes, whole[None]]), kept, scale)
    return Shares(shares, r_squared, *find_covariance(sample, every))


def find_varying(sample: Sample) -> Flags:
    """Say which columns vary, by more than rounding."""
    moments = sample.moments
    centre = np.zeros(1) if sample.centre is None else sample.centre
    variances = np.diag(moments.covariances)
    return np.asarray(
        variances > VARIANCE_MIN * (variances + moments.means**2 + centre**2 * VARIANCE_MIN)
    )


def standardise(sample: Sample, kept: Flags) -> tuple[Floats, tuple[int, ...], Floats]:
    """Return the correlation matrix of the columns that vary, the players' widths, the scale."""
    covariances = sample.moments.covariances[np.ix_(kept, kept)]
    scale = np.sqrt(np.diag(covariances))
    owners = np.repeat(np.arange(len(sample.widths)), sample.widths)
    widths = np.bincount(owners[kept[:-1]], minlength=len(sample.widths))
    return covariances / np.outer(scale, scale), tuple(widths.tolist()), scale


def find_covariance(sample: Sample, slopes: Floats) -> tuple[Floats, float]:
    """Return how figures vary together, from their derivatives by the covariances.

    And the degrees of freedom of the last one's variance, where rows tell them.

    With clusters: the sandwich over clusters. With rows: over rows, by a second pass of the
    engine; rows that lack columns come in by the normal model, scaled to what complete rows show.
    From a Gram alone: by the normal model.
    """
    if sample.pieces is not None:
        return _vary_by_cluster(sample, sample.pieces, slopes), math.inf
    directions = _directions(sample.moments, slopes)
    patterns = sample.moments.patterns
    is_whole = patterns.present.all(axis=1)
    by_normal = _vary_by_normal(sample.moments, directions, patterns.weights_squared)
    if sample.built is None or not is_whole.any():
        return _widen(by_normal, sample), math.inf
    by_rows, fourth = _vary_by_rows(sample, directions)
    degrees = _find_degrees(by_rows[-1, -1], fourth, sample.complete_answers)
    if is_whole.all():
        return _widen(by_rows, sample), degrees
    whole = _vary_by_normal(sample.moments, directions, patterns.weights_squared * is_whole)
    ratio = np.sqrt(np.maximum(np.diag(by_rows), 0) / np.maximum(np.diag(whole), 1e-300))
    return _widen(by_rows + (by_normal - whole) * np.outer(ratio, ratio), sample), degrees


def _find_degrees(squares: float, fourths: float, rows: int) -> float:
    """Degrees of freedom of a sum of squared influences, by their kurtosis (Satterthwaite)."""
    error = fourths / squares**2 - 1 / rows if squares > 0 else 0.0
    return 2 / error if error > 1e-12 else math.inf


def normal_covariance(sample: Sample, slopes: Floats) -> Floats:
    """Return how figures vary together were the columns normal."""
    directions = _directions(sample.moments, slopes)
    found = _vary_by_normal(sample.moments, directions, sample.moments.patterns.weights_squared)
    return _widen(found, sample)


def differentiate_figures(
    sample: Sample, kept: Flags, figures: Callable[[Floats], Floats]
) -> Floats:
    """Differentiate figures of the correlation matrix by every covariance."""
    matrix, _, scale = standardise(sample, kept)
    size, step = len(matrix), 1e-5
    slopes = np.zeros((len(figures(matrix)), size, size))
    for a in range(size):
        for b in range(a + 1):
            moved = np.zeros_like(matrix)
            moved[a, b] = moved[b, a] = step
            rise = figures(matrix + moved) - figures(matrix - moved)
            slopes[:, a, b] = slopes[:, b, a] = rise / (2 * step * (1 if a == b else 2))
    return _unscale(slopes, kept, scale)


def _unscale(slopes: Floats, kept: Flags, scale: Floats) -> Floats:
    whole = np.zeros((len(slopes), len(kept), len(kept)))
    places = np.flatnonzero(kept)
    whole[np.ix_(np.arange(len(slopes)), places, places)] = slopes / np.outer(scale, scale)
    return whole


def _directions(moments: Moments, slopes: Floats) -> "Directions":
    """Say how the figures move with the sums, by the covariances or by the likelihood."""
    if moments.is_complete:
        return Directions(slopes / moments.patterns.total, None)
    return Directions(None, moments.solve(slopes))


@dataclass(frozen=True)
class Directions:
    """Per unit of weight: quadratic forms of complete data, or directions of the likelihood."""

    forms: Floats | None
    solved: Floats | None


def _vary_by_normal(moments: Moments, directions: Directions, amounts: Floats) -> Floats:
    if directions.forms is not None:
        through = directions.forms @ moments.covariances
        return np.asarray(2 * amounts.sum() * np.einsum("jab,kba->jk", through, through))
    assert directions.solved is not None
    return np.asarray(directions.solved @ moments.expected_scatter(amounts) @ directions.solved.T)


def _vary_by_rows(sample: Sample, directions: Directions) -> tuple[Floats, float]:
    assert sample.built is not None
    assert sample.centre is not None
    moments = sample.moments
    if directions.forms is not None:
        quadratic = directions.forms
        linear = np.zeros(quadratic.shape[:2])
        constant = -np.einsum("dab,ab->d", quadratic, moments.covariances)
    else:
        assert directions.solved is not None
        quadratic, linear, constant = moments.complete_forms(directions.solved)
    return sum_forms(
        sample.built,
        middle=moments.means + sample.centre,
        quadratic=quadratic,
        linear=linear,
        constant=constant,
    )


def _vary_by_cluster(sample: Sample, pieces: Pieces, slopes: Floats) -> Floats:
    moments = sample.moments
    directions = _directions(moments, slopes)
    if directions.forms is not None:
        _, squares = moments.deviations(pieces.products, moments.patterns.present[pieces.pattern])
        constant = np.einsum("dab,ab->d", directions.forms, moments.covariances)
        moved = np.einsum("dab,rab->rd", directions.forms, squares)
        moved = moved - pieces.weights[:, None] * constant
    else:
        assert directions.solved is not None
        moved = moments.score_sums(
            directions.solved, pieces.products, pieces.weights, pieces.pattern
        )
    summed = np.zeros((pieces.clusters, moved.shape[1]))
    np.add.at(summed, pieces.cluster, moved)
    if pieces.clusters < 2:
        return np.full((moved.shape[1],) * 2, math.nan)
    return np.asarray(summed.T @ summed * pieces.clusters / (pieces.clusters - 1))


def _widen(covariance: Floats, sample: Sample) -> Floats:
    """Allow for what the fit itself takes of the residuals."""
    answers = max(sample.effective_answers, len(sample.moments.means) + 2)
    return covariance * answers / (answers - len(sample.moments.means))


def _effective(weights: float, squares: float) -> float:
    return float(weights) ** 2 / float(squares) if squares > 0 else 0.0


def _nothing(patterns: Patterns) -> Moments:
    size = patterns.present.shape[1]
    return Moments(patterns, np.zeros(size), np.zeros((size, size)))


def _part_clusters(
    groups: Sequence[Hashable], products: Floats, weights: Floats, kept: Flags, index: Indices
) -> Pieces:
    names = [group for group, is_kept in zip(groups, kept, strict=True) if is_kept]
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return Pieces(
        products=products[kept],
        weights=weights[kept],
        pattern=index,
        cluster=np.array([places[name] for name in names], np.intp),
        clusters=len(places),
    )
