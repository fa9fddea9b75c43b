"""Where a Finnish text comes from: feedback to a service, or talk among people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from kokemus.comments.sentiment_features import SHAPES
from kokemus.comments.sentiment_weights import Weights
from training.sentiment_learners import count_table, scale_table
from training.sentiment_texts import Example

SPREAD = 8
"""So many buckets share one: telling two sources apart takes fewer than telling feelings."""
RARE_BELOW = 3


def learn_source(examples: Sequence[Example]) -> Weights:
    """Learn the log odds of talk against feedback; both sides weigh the same in all.

    How long and loud a text is says nothing: a survey may ask for one word or for a page.
    """
    counted, _ = count_table([example.text for example in examples], SPREAD)
    often = np.bincount(counted.indices, minlength=counted.shape[1])
    rarity = np.log((1 + len(examples)) / (1 + often)) + 1
    rarity = np.where(often >= RARE_BELOW, rarity, 0.0).astype(np.float32)
    is_talk = np.array([not example.is_feedback for example in examples])
    learner = LogisticRegression(
        C=3.0, class_weight="balanced", solver="liblinear", random_state=0, tol=1e-3
    )
    learner.fit(scale_table(counted, rarity), is_talk)
    weights = learner.coef_.T.astype(np.float32) * (rarity > 0)[:, None]
    return Weights(
        rarity=np.repeat(rarity, SPREAD),
        weights=np.repeat(weights, SPREAD, axis=0),
        shapes=np.zeros((SHAPES, 1), np.float32),
        bias=learner.intercept_.astype(np.float32),
        certain=0.5,
    )
