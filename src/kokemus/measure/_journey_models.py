"""Least squares on features of journeys, from cross-products by fold of customers."""

from collections.abc import Sequence

import numpy as np

from kokemus.measure._journey_results import JourneyModel, JourneyModels
from kokemus.measure.histograms import Floats
from kokemus.measure.results import Estimate

ALWAYS = ("mean", "peak", "trough", "end")


class TooFewJourneys(ValueError):
    """Fewer journeys than the models have coefficients, or features without spread."""


def compare_models(
    grams: Floats,
    *,
    names: Sequence[str],
    features: Sequence[str],
    centre: Floats,
    single: int,
    missing: int,
    confidence: float,
) -> JourneyModels:
    """Fit every model on all folds, and on all but one; `names` are the columns' features."""
    whole = grams.sum(axis=0)
    _check(whole, names)
    squares: dict[str, Floats] = {}
    models = []
    for name, parts in _list_models(features).items():
        model, squares[name] = _fit(name, parts, grams, names, centre, confidence)
        models.append(model)
    total = _sum_unseen_squares(grams)
    versus = _compare(squares["mean"], squares["peak-end"], total, confidence)
    seen = {model.name: model.cross_validated for model in models}
    known = {name: value for name, value in seen.items() if value is not None}
    chosen = [names.index(feature) + 1 for feature in features]
    return JourneyModels(
        models=tuple(models),
        best=max(known, key=lambda name: known[name]) if known else None,
        peak_end_against_mean=versus,
        verdict=_write_verdict(versus),
        shares=_share_out(whole, names, features),
        inflation=dict(zip(features, _inflate(whole, chosen).tolist(), strict=True)),
        journeys=round(float(whole[0, 0])),
        single=single,
        missing=missing,
        folds=len(grams),
        confidence=confidence,
    )


def _list_models(features: Sequence[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Name the columns of each model; two features under one name enter as their mean."""
    return {
        "mean": {"mean": ("mean",)},
        "end": {"end": ("end",)},
        "peak-end": {"half of peak and end": ("peak", "end")},
        "peak, trough and end": {name: (name,) for name in ("peak", "trough", "end")},
        "all": {name: (name,) for name in features},
    }


def _check(whole: Floats, names: Sequence[str]) -> None:
    count = whole[0, 0]
    if count < len(names) + 3:
        raise TooFewJourneys(f"{count:g} journeys, and {len(names) + 3} are the fewest to compare")
    around = whole[1:, 1:] - np.outer(whole[0, 1:], whole[0, 1:]) / count
    spread = np.diag(around)
    for name, part in zip([*names, "the outcome"], spread, strict=True):
        if part <= 1e-12 * count:
            raise TooFewJourneys(f"{name} is the same in all journeys")
    correlation = around / np.sqrt(np.outer(spread, spread))
    if np.linalg.eigvalsh(correlation[:-1, :-1])[0] < 1e-10:
        raise TooFewJourneys(f"the features determine each other: {', '.join(names)}")


def _fit(
    name: str,
    parts: dict[str, tuple[str, ...]],
    grams: Floats,
    names: Sequence[str],
    centre: Floats,
    confidence: float,
) -> tuple[JourneyModel, Floats]:
    """Return the model, and per fold the squares that it leaves unseen."""
    turn = np.zeros((len(names) + 2, len(parts) + 2))
    turn[0, 0] = turn[-1, -1] = 1
    for place, features in enumerate(parts.values(), 1):
        for feature in features:
            turn[names.index(feature) + 1, place] = 1 / len(features)
    folds = np.einsum("ji,fjk,kl->fil", turn, grams, turn)
    whole = folds.sum(axis=0)
    slopes, rest, inverse = _solve(whole)
    count, total = whole[0, 0], whole[-1, -1] - whole[0, -1] ** 2 / whole[0, 0]
    left_out = np.array([_solve(whole - fold)[0] for fold in folds]) if len(folds) > 1 else None
    unseen = _leave(folds, left_out)
    labels = ("(Intercept)", *parts)
    shift = np.eye(len(labels))
    shift[0, 1:] = -(turn[1:-1, 1:-1].T @ centre[:-1])
    errors = np.sqrt(np.diag(shift @ inverse @ shift.T) * rest / (count - len(labels)))
    limits = _limit(shift @ slopes, None if left_out is None else left_out @ shift.T, confidence)
    limits[0] = limits[0] + centre[-1]
    model = JourneyModel(
        name=name,
        coefficients={label: _estimate(row) for label, row in zip(labels, limits, strict=True)},
        standard_errors=dict(zip(labels, errors.tolist(), strict=True)),
        r_squared=float(1 - rest / total),
        cross_validated=None
        if left_out is None
        else float(1 - unseen.sum() / _sum_unseen_squares(grams).sum()),
        aic=float(count * (np.log(2 * np.pi * rest / count) + 1) + 2 * (len(labels) + 1)),
    )
    return model, unseen


def _solve(gram: Floats) -> tuple[Floats, float, Floats]:
    """Slopes, squares left, and the inverse of the cross-products."""
    inverse = np.asarray(np.linalg.inv(gram[:-1, :-1]), np.float64)
    slopes = inverse @ gram[:-1, -1]
    return slopes, float(gram[-1, -1] - gram[:-1, -1] @ slopes), inverse


def _leave(folds: Floats, slopes: Floats | None) -> Floats:
    """Squares in each fold around what the others say."""
    if slopes is None:
        return np.full(len(folds), np.nan)
    signed = np.column_stack([-slopes, np.ones(len(slopes))])
    return np.asarray(np.einsum("fi,fij,fj->f", signed, folds, signed))


def _sum_unseen_squares(grams: Floats) -> Floats:
    """Squares in each fold around the others' mean."""
    if len(grams) < 2:
        return np.full(len(grams), np.nan)
    others = grams.sum(axis=0) - grams
    means = others[:, 0, -1] / others[:, 0, 0]
    return np.asarray(grams[:, -1, -1] - 2 * means * grams[:, 0, -1] + means**2 * grams[:, 0, 0])


def _limit(slopes: Floats, left_out: Floats | None, confidence: float) -> Floats:
    """Slopes with limits, by the jackknife of folds and Student's t."""
    if left_out is None:
        return np.column_stack([slopes, np.full((len(slopes), 2), np.nan)])
    folds = len(left_out)
    variance = (folds - 1) / folds * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    half = _quantile(confidence, folds - 1) * np.sqrt(variance)
    return np.column_stack([slopes, slopes - half, slopes + half])


def _estimate(row: Floats) -> Estimate:
    return Estimate(*(None if np.isnan(part) else float(part) for part in row))


def _compare(mean: Floats, other: Floats, total: Floats, confidence: float) -> Estimate:
    """R² of the other less that of the mean, and how much it varies between folds."""
    if len(mean) < 2:
        return Estimate(None, None, None)
    gains = mean - other
    found = float(gains.sum() / total.sum())
    around = gains - found * total
    error = float(np.sqrt(len(gains) * around.var(ddof=1)) / total.sum())
    half = _quantile(confidence, len(gains) - 1) * error
    return Estimate(found, found - half, found + half)


def _quantile(confidence: float, freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + confidence / 2))


def _write_verdict(versus: Estimate) -> str:
    if versus.estimate is None or versus.low is None or versus.high is None:
        return "cannot tell whether peak and end say more than the mean"
    written = versus.write(3)
    if versus.high < 0:
        return f"peak and end say less than the plain mean, R² differs by {written}"
    if versus.low > 0:
        return f"peak and end say more than the plain mean, R² differs by {written}"
    return f"cannot tell whether peak and end say more than the mean, R² differs by {written}"


def _share_out(whole: Floats, names: Sequence[str], features: Sequence[str]) -> dict[str, float]:
    from kokemus.measure.relative_importance import drivers_from_gram

    found = drivers_from_gram(
        whole,
        names=[*names, "outcome"],
        outcome="outcome",
        predictors=list(features),
        confidence=None,
    )
    return {name: float(found.share[name]) for name in features}


def _inflate(whole: Floats, chosen: Sequence[int]) -> Floats:
    around = whole - np.outer(whole[0], whole[0]) / whole[0, 0]
    part = around[np.ix_(chosen, chosen)]
    return np.asarray(np.diag(part) * np.diag(np.linalg.inv(part)))
