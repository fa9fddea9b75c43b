"""An organisation's own part of the sentiment model, as bytes: arrays only, no pickle."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from kokemus.comments.calibration import Calibration
from kokemus.comments.sentiment_features import BUCKETS, SHAPES
from kokemus.comments.sentiment_weights import COLUMNS, Weights

_FORM = 1


class UnknownForm(ValueError):
    """The bytes are not an organisation's part of the sentiment model as this version writes it."""


def pack(calibration: Calibration, head: Weights | None) -> bytes:
    """Write a calibration and what was learnt from an organisation's comments, if anything."""
    certain = -1.0 if calibration.certain is None else calibration.certain
    line = np.array([_FORM, *calibration.slopes, *calibration.shifts, certain], np.float64)
    arrays: dict[str, NDArray[np.generic]] = {"line": line}
    if head is not None:
        known = np.flatnonzero(head.known)
        arrays |= {
            "buckets": known.astype(np.uint32),
            "rarity": head.rarity[known].astype(np.float16),
            "weights": head.weights[known].astype(np.float16),
            "bias": head.bias,
        }
    kept = BytesIO()
    np.savez_compressed(kept, **arrays)  # type: ignore[arg-type] # arrays by their own names
    return kept.getvalue()


def unpack(kept: bytes) -> tuple[Calibration, Weights | None]:
    """Read what `pack` wrote."""
    try:
        with np.load(BytesIO(kept), allow_pickle=False) as arrays:
            line = arrays["line"].tolist()
            head = _head(dict(arrays)) if "buckets" in arrays else None
    except (BadZipFile, OSError, EOFError, KeyError, ValueError) as error:
        raise UnknownForm(f"{len(kept)} bytes are no part of a sentiment model.") from error
    if len(line) != 6 or line[0] != _FORM:
        raise UnknownForm(f"Form {line[:1]} is not known; this version reads form {_FORM}.")
    certain = None if line[5] < 0 else line[5]
    return Calibration((line[1], line[2]), (line[3], line[4]), certain), head


def _head(arrays: dict[str, NDArray[np.generic]]) -> Weights:
    rarity = np.zeros(BUCKETS, np.float32)
    weights = np.zeros((BUCKETS, COLUMNS), np.float32)
    rarity[arrays["buckets"]] = arrays["rarity"]
    weights[arrays["buckets"]] = arrays["weights"]
    shapes = np.zeros((SHAPES, COLUMNS), np.float32)
    return Weights(rarity, weights, shapes, arrays["bias"].astype(np.float32), 0.0)
