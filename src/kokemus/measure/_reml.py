"""Variance components of crossed random intercepts, from counts and sums alone.

The model is ``y = X b + Z_1 u_1 + … + Z_K u_K + e``. All that the likelihood needs of the rows is
how often pairs of levels meet, and per level the sums of the columns: the largest factor is
eliminated (its own counts are a diagonal), what is left is dense, and the ratios of variances
``ratio_k = variance_k / residual variance`` are found by average-information steps (Gilmour,
Thompson & Cullis 1995) on the criterion with the residual variance profiled out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure.histograms import Floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 100
TOLERANCE = 1e-4  # gain in the criterion of a last step: the next would gain about 1e-11
FLOOR = 1e-9  # a ratio under this is tried as 0
DENSE = 0.15  # share of cells that are filled, from which on a matrix is kept as dense


RATIO_MAX = 1e6  # of a factor's variance to the residual's: beyond, nothing is left to explain


class NotFitted(ArithmeticError):
    """The criterion found no lowest point."""


class NoResidual(NotFitted):
    """The criterion falls for ever as the residual variance goes to 0."""


@dataclass(frozen=True, kw_only=True)
class Moments:
    """What the rows say, as cross-products; `levels` counts each factor, the largest first.

    `meet[k][l]` (k < l) says how often level i of factor k meets level j of factor l; `level`
    holds per factor the sums of [fixed columns, outcome], and `weight` those of the weights.
    """

    rows: int
    weight: list[Floats]
    level: list[Floats]
    meet: dict[tuple[int, int], Any]
    gram: Floats
    log_weights: float = 0.0

    @property
    def fixed(self) -> int:
        return int(self.gram.shape[0]) - 1

    def count_pairs(self, first: int, second: int) -> Any:
        """Return Z_first' Z_second for two different factors."""
        return self.meet[first, second] if first < second else self.meet[second, first].T


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A fitted model; per factor its effects, their variances given the fixed effects, and the
    variances of their errors with those of the fixed effects.
    """

    ratios: Floats
    residual: float
    criterion: float
    fixed: Floats
    fixed_covariance: Floats
    effects: list[Floats]
    effect_variances: list[Floats]
    error_variances: list[Floats]
    covariance: Floats  # of the variances, residual last
    steps: int


def fit(moments: Moments, *, restricted: bool) -> Fit:
    """Find the ratios at which the criterion is lowest, 0 where the boundary is."""
    point = _Point(_Frame(moments), _guess_ratios(moments), restricted=restricted)
    free = np.ones(len(point.ratios), bool)
    for step in range(STEPS):
        gradient, information = point.slope(), point.information()
        move = _find_move(gradient, information, free)
        is_last = -gradient[free] @ move[free] < TOLERANCE
        point = _walk(point, move)
        at_boundary = free & (point.ratios <= FLOOR)
        if at_boundary.any():  # it went down all the way, so the slope is upwards from 0
            point = point.at(np.where(at_boundary, 0.0, point.ratios))
            free &= ~at_boundary
        elif is_last:
            return _finish(point, step + 1)
    if point.ratios.max() > RATIO_MAX:
        raise NoResidual("the factors leave no residual variance")
    raise NotFitted(
        f"the variances had not settled after {STEPS} steps, last at the ratios {point.ratios}"
    )


def _guess_ratios(moments: Moments) -> Floats:
    """Start from Henderson's first method: sums of squares set equal to what is expected."""
    count, size = moments.fixed, moments.gram[0, 0]
    slopes = np.linalg.lstsq(moments.gram[:count, :count], moments.gram[:count, count])[0]
    total = moments.gram[count, count] - moments.gram[:count, count] @ slopes
    places = range(len(moments.level))
    spread = np.array([weight @ weight / size for weight in moments.weight])
    expected, seen = [[*(size - spread), moments.rows - count]], [total]
    for place in places:
        weight, sums = moments.weight[place], moments.level[place]
        rest = sums[:, count] - sums[:, :count] @ slopes
        shared = [
            size if other == place else _share_levels(moments, place, other) for other in places
        ]
        expected.append([*(np.array(shared) - spread), np.count_nonzero(weight) - 1])
        seen.append(_sum_ratio(rest**2, weight))
    solved = np.linalg.lstsq(np.array(expected), np.array(seen))[0]
    residual = max(solved[-1], 0.05 * total / size)
    guessed: Floats = np.clip(solved[:-1] / residual, 0.01, 100.0)
    return guessed


def _share_levels(moments: Moments, place: int, other: int) -> float:
    """Sum of n_ij² / n_i over the cells of two factors."""
    cells = moments.count_pairs(place, other)
    squared = cells**2 if isinstance(cells, np.ndarray) else cells.power(2)
    return _sum_ratio(np.asarray(squared.sum(axis=1)).ravel(), moments.weight[place])


def _sum_ratio(parts: Floats, weight: Floats) -> float:
    has_answers = weight > 0
    return float((parts[has_answers] / weight[has_answers]).sum())


def _find_move(gradient: Floats, information: Floats, free: "NDArray[np.bool_]") -> Floats:
    from scipy.linalg import solve

    move = np.zeros(len(gradient))
    if free.any():
        part = information[np.ix_(free, free)]
        ridge = 1e-12 * (1 + np.trace(part)) * np.eye(len(part))
        move[free] = -solve(part + ridge, gradient[free], assume_a="pos")
    return move


def _walk(point: "_Point", move: Floats) -> "_Point":
    """Go along the move as far as the criterion falls; no ratio falls or grows beyond bounds."""
    length = 1.0
    while length > 1e-8:
        ratios = np.clip(
            point.ratios + length * move, 0.02 * point.ratios, 20 * point.ratios + 1e-3
        )
        ratios[point.ratios == 0] = 0
        tried = point.at(ratios)
        if tried.criterion <= point.criterion + 1e-10 * abs(point.criterion):
            return tried
        length /= 3
    return point


def _finish(point: "_Point", step: int) -> Fit:
    residual = point.residual
    variances = [residual * part for part in point.effect_variances()]
    covariance = point.covariance_of_variances()
    errors = []
    for place, part in enumerate(point.solved_fixed):
        fixed = np.einsum("ij,jk,ik->i", part, point.fixed_inverse, part)
        shrinking = _reckon_shrinking(
            point.ratios[place] * residual,
            variances[place],
            residual / np.maximum(point.moments.weight[place], 1e-300),
            covariance[place, place],
        )
        errors.append(variances[place] + residual * point.ratios[place] * fixed + shrinking)
    return Fit(
        ratios=point.ratios,
        residual=residual,
        criterion=point.criterion,
        fixed=point.fixed,
        fixed_covariance=residual * point.fixed_inverse,
        effects=point.effects,
        effect_variances=variances,
        error_variances=errors,
        covariance=covariance,
        steps=step,
    )


def _reckon_shrinking(variance: float, given: Floats, alone: Floats, uncertainty: float) -> Floats:
    """What not knowing the variance adds to the effects' errors (Prasad & Rao 1990, twice g3).

    `given` is the effects' variance given all else, `alone` the noise of a level by itself.
    """
    noise = given / np.maximum(1 - given / variance, 1e-12) if variance > 0 else alone
    return 2 * uncertainty * noise**2 / (variance + noise) ** 3


class _Frame:
    """What stays the same at every set of ratios."""

    def __init__(self, moments: Moments) -> None:
        self.moments = moments
        self.bounds = np.cumsum([0, *(len(part) for part in moments.weight[1:])])
        self.link = _stack_links(moments)
        self.rest = _count_rest(moments)


class _Point:
    """Everything at one set of ratios; what only an accepted point needs waits to be asked."""

    def __init__(self, frame: _Frame, ratios: Floats, *, restricted: bool) -> None:
        self.frame, self.ratios, self.restricted = frame, ratios, restricted
        self.moments, self.bounds = frame.moments, frame.bounds
        self.roots = np.sqrt(ratios)
        self._factorise()
        self._solve_fixed()

    def at(self, ratios: Floats) -> "_Point":
        return _Point(self.frame, ratios, restricted=self.restricted)

    def _factorise(self) -> None:
        """Eliminate the largest factor and take the Cholesky factor of what is left."""
        from scipy.linalg import lapack

        self.diagonal = 1 + self.ratios[0] * self.moments.weight[0]
        scale = np.repeat(self.roots[1:], np.diff(self.bounds))
        self.link = _scale_columns(self.frame.link, scale)
        self.factor = self.frame.rest * scale[:, None]
        self.factor *= scale
        self.factor[np.diag_indices_from(self.factor)] += 1
        if len(scale):
            self.factor -= _quadratic(self.link, self.ratios[0] / self.diagonal)
            self.factor, failed = lapack.dpotrf(self.factor, lower=1, clean=1)
            if failed:
                raise NotFitted("the levels' counts do not form a positive definite matrix")
        self.log_determinant = float(
            np.log(self.diagonal).sum() + 2 * np.log(np.diag(self.factor)).sum()
        )

    def _solve_fixed(self) -> None:
        from scipy.linalg import cho_factor, cho_solve

        moments, count = self.moments, self.moments.fixed
        right = [root * sums for root, sums in zip(self.roots, moments.level, strict=True)]
        solved = self.solve(right)
        gram = moments.gram - _inner(right, solved)
        self.solved_fixed = [part[:, :count] for part in solved]
        factor = cho_factor(gram[:count, :count], lower=True)
        self.fixed = cho_solve(factor, gram[:count, count])
        self.fixed_inverse = cho_solve(factor, np.eye(count))
        self.log_fixed = 2 * float(np.log(np.diag(factor[0])).sum())
        self.spherical = [part[:, count] - part[:, :count] @ self.fixed for part in solved]
        self.effects = [root * part for root, part in zip(self.roots, self.spherical, strict=True)]
        self.squares = float(gram[count, count] - gram[:count, count] @ self.fixed)

    @property
    def freedom(self) -> int:
        return self.moments.rows - self.moments.fixed * self.restricted

    @property
    def residual(self) -> float:
        return self.squares / self.freedom

    @property
    def criterion(self) -> float:
        """Minus twice the (restricted) log likelihood, as lme4 writes it."""
        fixed = self.log_fixed if self.restricted else 0.0
        return float(
            self.log_determinant
            + fixed
            + self.freedom * (1 + np.log(2 * np.pi * self.residual))
            - self.moments.log_weights
        )

    def solve(self, right: Sequence[Floats]) -> list[Floats]:
        """Solve the equations of the random effects, scaled by the roots, for columns."""
        from scipy.linalg import solve_triangular

        first = right[0] / self.diagonal[:, None]
        if len(right) == 1:
            return [first]
        link, root = self.link, self.roots[0]
        rest = np.concatenate(right[1:]) - root * (link.T @ first)
        half = solve_triangular(self.factor, rest, lower=True, check_finite=False)
        rest = solve_triangular(self.factor, half, lower=True, trans=1, check_finite=False)
        first = first - root * (link @ rest) / self.diagonal[:, None]
        return [first, *np.split(rest, self.bounds[1:-1])]

    @cached_property
    def inverse(self) -> Floats:
        """The lower half of the rest's block of the inverse, zeros above."""
        from scipy.linalg import lapack

        if not len(self.factor):
            return np.zeros((0, 0))
        inverse: Floats = lapack.dpotri(self.factor, lower=1)[0]
        return inverse

    def traces(self) -> Floats:
        """Per factor the trace of its block of the inverse, with the fixed effects if REML."""
        inverse = self.inverse
        first = (1 / self.diagonal).sum()
        if len(inverse):
            spread = _quadratic(self.link, self.ratios[0] / self.diagonal**2)
            first += 2 * np.vdot(spread.T, inverse.T) - np.diag(spread) @ np.diag(inverse)
        diagonal = np.split(np.diag(inverse), self.bounds[1:-1]) if len(inverse) else []
        traces = np.array([first, *(part.sum() for part in diagonal)])
        if self.restricted:
            traces += [
                np.einsum("ij,jk,ik->", part, self.fixed_inverse, part)
                for part in self.solved_fixed
            ]
        return traces

    def leftovers(self) -> list[Floats]:
        """Per factor the level sums of what the model leaves over: Z_k'(y - X b - Z u)."""
        moments, count = self.moments, self.moments.fixed
        return [
            sums[:, count] - sums[:, :count] @ self.fixed - self.cross(place, self.effects)
            for place, sums in enumerate(moments.level)
        ]

    def cross(self, place: int, effects: Sequence[Floats]) -> Floats:
        """Z_place' times the sum of all Z_k effects_k."""
        total = self.moments.weight[place] * effects[place]
        for other, part in enumerate(effects):
            if other != place:
                total = total + self.moments.count_pairs(place, other) @ part
        return total

    def slope(self) -> Floats:
        """The criterion's derivative by each ratio; not told (0) for a ratio of 0."""
        sums = np.array([part @ part for part in self.leftovers()])
        sizes = np.array([len(part) for part in self.moments.weight])
        with np.errstate(divide="ignore", invalid="ignore"):
            trace = (sizes - self.traces()) / self.ratios
        return np.where(self.ratios > 0, trace - sums / self.residual, 0.0)

    def information(self) -> Floats:
        """The average information of the ratios, for the profiled criterion."""
        quadratic, sums = self._working(), [part @ part for part in self.leftovers()]
        fall = np.array(sums) / self.residual
        return quadratic / self.residual - np.outer(fall, fall) / self.freedom

    def _working(self) -> Floats:
        """h_i' P h_j of the working vectors h_k = Z_k Z_k' P y."""
        moments, leftovers = self.moments, self.leftovers()
        count = len(leftovers)
        columns = []
        for place, part in enumerate(leftovers):
            alone = [
                part if other == place else np.zeros(len(size))
                for other, size in enumerate(moments.weight)
            ]
            columns.append([self.cross(other, alone) for other in range(count)])
        products = np.array(
            [[leftovers[i] @ columns[j][i] for j in range(count)] for i in range(count)]
        )
        right = [
            self.roots[k] * np.column_stack([column[k] for column in columns]) for k in range(count)
        ]
        fixed = np.column_stack(
            [moments.level[k][:, : moments.fixed].T @ leftovers[k] for k in range(count)]
        )
        solved = self.solve(right)
        fixed = fixed - _inner_fixed(moments, self.roots, solved)
        working: Floats = products - _inner(right, solved) - fixed.T @ self.fixed_inverse @ fixed
        return working

    def effect_variances(self) -> list[Floats]:
        """Per level the variance of its effect given the fixed effects, in residual variances."""
        inverse = self.inverse
        first = 1 / self.diagonal
        if len(inverse):
            first = first + self.ratios[0] * _quadratic_rows(self.link, inverse) * first**2
        diagonal = np.split(np.diag(inverse), self.bounds[1:-1]) if len(inverse) else []
        return [ratio * part for ratio, part in zip(self.ratios, [first, *diagonal], strict=True)]

    def covariance_of_variances(self) -> Floats:
        """Twice the inverse of the average information of the variances, residual last."""
        sums = np.array([part @ part for part in self.leftovers()])
        count = len(sums)
        full = np.empty((count + 1, count + 1))
        full[:count, :count] = self._working() / self.residual
        full[:count, count] = full[count, :count] = sums / self.residual
        full[count, count] = self.freedom
        for place in np.flatnonzero(self.ratios == 0):  # there the average tells nothing
            weight = self.moments.weight[place]
            full[place] = full[:, place] = 0
            full[place, place] = weight @ weight * (1 - 1 / len(weight))
            full[place, count] = full[count, place] = weight.sum() * (1 - 1 / len(weight))
        return np.asarray(2 * self.residual**2 * np.linalg.pinv(full, hermitian=True), np.float64)


def _stack_links(moments: Moments) -> Any:
    """The counts of the largest factor's levels beside all the others', sparse or dense."""
    from scipy import sparse

    others = range(1, len(moments.level))
    if not others:
        return np.zeros((len(moments.weight[0]), 0))
    parts = [moments.count_pairs(0, other) for other in others]
    if all(isinstance(part, np.ndarray) for part in parts):
        return np.hstack(parts)
    return sparse.hstack(parts, format="csr")


def _count_rest(moments: Moments) -> Floats:
    """Z_k' Z_l of all factors but the largest, dense."""
    others = range(1, len(moments.level))
    if not others:
        return np.zeros((0, 0))
    rows = [
        [
            np.diag(moments.weight[k]) if k == other else _dense(moments.count_pairs(k, other))
            for other in others
        ]
        for k in others
    ]
    return np.block(rows)


def _dense(matrix: Any) -> Floats:
    return matrix if isinstance(matrix, np.ndarray) else np.asarray(matrix.todense())


def _scale_columns(link: Any, scale: Floats) -> Any:
    return link * scale if isinstance(link, np.ndarray) else link.multiply(scale).tocsr()


def _quadratic(link: Any, weights: Floats) -> Floats:
    """link' diag(weights) link, dense."""
    if isinstance(link, np.ndarray):
        half = link * np.sqrt(weights)[:, None]
        return np.asarray(half.T @ half)
    scaled = link.multiply(weights[:, None]).tocsr()
    return np.asarray((link.T @ scaled).todense())


def _quadratic_rows(link: Any, lower: Floats) -> Floats:
    """The quadratic form of each row of the link in a matrix of which the lower half is given."""
    total = np.empty(link.shape[0])
    diagonal = np.diag(lower)
    for start in range(0, len(total), 4096):
        part = link[start : start + 4096]
        if isinstance(part, np.ndarray):
            filled, squared = part * (part @ lower), part**2
        else:
            filled, squared = part.multiply(part @ lower), part.power(2)
        twice = 2 * np.asarray(filled.sum(axis=1)).ravel()
        total[start : start + 4096] = twice - squared @ diagonal
    return total


def _inner(left: Sequence[Floats], right: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum([a.T @ b for a, b in zip(left, right, strict=True)], axis=0))


def _inner_fixed(moments: Moments, roots: Floats, solved: Sequence[Floats]) -> Floats:
    return _inner(
        [root * sums[:, : moments.fixed] for root, sums in zip(roots, moments.level, strict=True)],
        solved,
    )
