"""The cross-lagged model of two variables, by maximum likelihood from covariances."""

import math
from dataclasses import dataclass

import numpy as np

from kokemus.measure._leadlag_results import CrossLagged
from kokemus.measure._survival_curves import normal_quantile
from kokemus.measure._survival_results import UNTOLD, ChiSquaredTest
from kokemus.measure.histograms import Floats
from kokemus.measure.results import Estimate

MODELS = ("random intercepts", "cross-lagged")
STEPS_MAX = 500
CLOSE = 1e-10
PATHS = 4  # x on x, x on y, y on x, y on y
ENTRIES = ((0, 0), (0, 1), (1, 1))


def fit_cross_lags(
    covariance: Floats,
    *,
    units: int,
    names: tuple[str, str],
    model: str,
    left_out: int,
    missing: int,
    confidence: float,
) -> CrossLagged:
    """Fit the paths, the same in all periods, with free residual variances."""
    waves = len(covariance) // 2
    fit = None
    reason = _why_not(covariance, units, waves)
    if not reason:
        observed = covariance * (units - 1) / units
        fit = _maximise(observed, _Shape(waves, model == "random intercepts"), units)
        reason = "" if fit else "the model has no maximum with variances of 0 or more"
    x, y = names
    keys = ((x, x), (y, x), (x, y), (y, y))
    z = normal_quantile(confidence)
    return CrossLagged(
        paths={key: _estimate(fit, place, z) if fit else UNTOLD for place, key in enumerate(keys)},
        standard_errors={
            key: float(fit.errors[place]) if fit else None for place, key in enumerate(keys)
        },
        model=model,
        fit=_test(fit) if fit else None,
        parameters=_name_parameters(fit, names, waves) if fit else {},
        units=units,
        waves=waves,
        left_out=left_out,
        missing=missing,
        confidence=confidence,
        has_proper_levels=fit is None or fit.has_proper_levels,
        reason=reason,
    )


def _why_not(covariance: Floats, units: int, waves: int) -> str:
    if waves < 2:
        return "there are no two periods"
    if units <= _Shape(waves, True).count:
        return f"{units:,} units are too few for {waves} periods"
    if np.linalg.cond(covariance) > 1e12 or np.linalg.eigvalsh(covariance)[0] <= 0:
        return "the periods depend on one another exactly, or do not vary"
    return ""


@dataclass(frozen=True, eq=False)
class _Fit:
    values: Floats
    errors: Floats
    chi_squared: float
    degrees: int
    has_proper_levels: bool
    widening: float  # of the errors, as the likelihood's are too small in small panels


def _estimate(fit: _Fit, place: int, z: float) -> Estimate:
    value, reach = float(fit.values[place]), z * float(fit.errors[place]) * fit.widening
    return Estimate(value, value - reach, value + reach)


def _test(fit: _Fit) -> ChiSquaredTest | None:
    return ChiSquaredTest.of(max(fit.chi_squared, 0.0), fit.degrees) if fit.degrees > 0 else None


def _name_parameters(fit: _Fit, names: tuple[str, str], waves: int) -> dict[str, float]:
    x, y = names
    labels = [f"{x} ~ {x}", f"{x} ~ {y}", f"{y} ~ {x}", f"{y} ~ {y}"]
    for wave in range(1, waves + 1):
        labels += [f"{names[i]}{wave} ~~ {names[j]}{wave}" for i, j in ENTRIES]
    labels += [f"level of {names[i]} ~~ level of {names[j]}" for i, j in ENTRIES]
    return dict(zip(labels, fit.values.tolist(), strict=False))


@dataclass(frozen=True)
class _Shape:
    """Where the parameters stand: paths, then three (co)variances a wave, then the levels'."""

    waves: int
    has_levels: bool

    @property
    def count(self) -> int:
        return PATHS + 3 * (self.waves + self.has_levels)

    def matrices(self, values: Floats) -> tuple[Floats, Floats, Floats]:
        """What passes on to later waves, the residual covariances, the covariance of levels."""
        size = 2 * self.waves
        passing, residual = np.eye(size), np.zeros((size, size))
        paths = values[:PATHS].reshape(2, 2)
        for wave in range(1, self.waves):
            rows = slice(2 * wave, 2 * wave + 2)
            passing[rows] += paths @ passing[2 * wave - 2 : 2 * wave]
        for wave in range(self.waves):
            rows = slice(2 * wave, 2 * wave + 2)
            residual[rows, rows] = _square(values[PATHS + 3 * wave : PATHS + 3 * wave + 3])
        levels = _square(values[-3:]) if self.has_levels else np.zeros((2, 2))
        return passing, residual, levels

    def implied(self, values: Floats) -> Floats:
        passing, residual, levels = self.matrices(values)
        return passing @ residual @ passing.T + np.tile(levels, (self.waves, self.waves))

    def slopes(self, values: Floats) -> Floats:
        """How the implied covariances change with each parameter."""
        passing, residual, _ = self.matrices(values)
        within = passing @ residual @ passing.T
        size = 2 * self.waves
        found = np.zeros((self.count, size, size))
        for place in range(PATHS):
            step = np.zeros((2, 2))
            step[divmod(place, 2)] = 1.0
            shift = np.kron(np.eye(self.waves, k=-1), step)
            half = passing @ shift @ within
            found[place] = half + half.T
        for wave in range(self.waves):
            for number, entry in enumerate(ENTRIES):
                columns = passing[:, 2 * wave : 2 * wave + 2]
                found[PATHS + 3 * wave + number] = columns @ _unit(entry) @ columns.T
        if self.has_levels:
            for number, entry in enumerate(ENTRIES):
                found[self.count - 3 + number] = np.tile(_unit(entry), (self.waves, self.waves))
        return found

    def is_proper(self, values: Floats) -> bool:
        """Whether no residual variance is below 0."""
        return bool(np.linalg.eigvalsh(self.matrices(values)[1])[0] > 0)

    def has_proper_levels(self, values: Floats) -> bool:
        return bool(np.linalg.eigvalsh(self.matrices(values)[2])[0] >= -CLOSE)


def _square(three: Floats) -> Floats:
    return np.array([[three[0], three[1]], [three[1], three[2]]])


def _unit(entry: tuple[int, int]) -> Floats:
    found = np.zeros((2, 2))
    found[entry] = found[entry[::-1]] = 1.0
    return found


def _maximise(observed: Floats, shape: _Shape, units: int) -> _Fit | None:
    """Fisher's scoring; a step that does not come nearer, or leaves the possible, is halved."""
    values = _begin(observed, shape)
    distance = _distance(observed, shape.implied(values))
    for _ in range(STEPS_MAX):
        score, information = _derive(observed, shape, values)
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return None
        scale = 1.0
        while (new := _distance(observed, shape.implied(values + scale * step))) > distance + 1e-13:
            scale /= 2
            if scale < 1e-10:
                return None
        values, distance = values + scale * step, new
        if float(score @ step) < CLOSE**1.5:
            break
    else:
        return None
    _, information = _derive(observed, shape, values)
    if np.linalg.cond(information) > 1e14 or not shape.is_proper(values):
        return None
    errors = np.sqrt(np.diag(np.linalg.inv(information)) * 2 / units)
    entries = len(observed) * (len(observed) + 1) // 2
    return _Fit(
        values,
        errors,
        units * distance,
        entries - shape.count,
        shape.has_proper_levels(values),
        math.sqrt(units / (units - shape.count)),
    )


def _begin(observed: Floats, shape: _Shape) -> Floats:
    """Begin with halves: half of what the first and last wave share is the levels'."""
    levels = np.zeros((2, 2))
    if shape.has_levels:
        far = observed[:2, -2:]
        diagonal = np.diag(np.maximum(np.diag(far), 0.02 * np.diag(observed[:2, :2])))
        levels = 0.5 * diagonal
    values = np.zeros(shape.count)
    values[[0, 3]] = 0.3
    for wave in range(shape.waves):
        block = observed[2 * wave : 2 * wave + 2, 2 * wave : 2 * wave + 2] - levels
        share = 1.0 if wave == 0 else 0.8
        values[PATHS + 3 * wave : PATHS + 3 * wave + 3] = share * block[*zip(*ENTRIES, strict=True)]
    if shape.has_levels:
        values[-3:] = levels[*zip(*ENTRIES, strict=True)]
    return values


def _distance(observed: Floats, implied: Floats) -> float:
    """Twice the log likelihood that the model loses, per unit; infinite where impossible."""
    try:
        factor = np.linalg.cholesky(implied)
    except np.linalg.LinAlgError:
        return math.inf
    log_determinant = 2 * float(np.log(np.diag(factor)).sum())
    trace = float(np.trace(np.linalg.solve(implied, observed)))
    return log_determinant + trace - float(np.linalg.slogdet(observed)[1]) - len(observed)


def _derive(observed: Floats, shape: _Shape, values: Floats) -> tuple[Floats, Floats]:
    """Score and expected information, both as of one unit and of the distance."""
    inverse = np.linalg.inv(shape.implied(values))
    slopes = shape.slopes(values)
    turned = inverse @ slopes
    score = np.einsum("kij,ji->k", turned, inverse @ observed - np.eye(len(observed)))
    information = np.einsum("kij,lji->kl", turned, turned)
    return score, information
